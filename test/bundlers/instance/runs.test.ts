import { describe, expect, it } from "vitest";
import { nextTick, Runs } from "../../../src/bundlers/instance/runs.ts";

const consumer = (id: string, isBuild = true) => ({ id, madeAt: nextTick(), isBuild });

async function answers() {
  let made = 0;
  const runs = new Runs<number>();
  return { runs, join: (who: ReturnType<typeof consumer>) => runs.join("p", who, async () => ++made) };
}

describe("runs", () => {
  it("are shared by compilers that overlap", async () => {
    const { join } = await answers();
    expect([await join(consumer("client")), await join(consumer("ssr"))]).toEqual([1, 1]);
  });

  it("are shared by environments that build one after the other, if their plugins were made at the start", async () => {
    const { runs, join } = await answers();
    const [client, ssr] = [consumer("client"), consumer("ssr")];
    await join(client);
    await expect(runs.leave("p", client)).resolves.toBe(1);
    expect(await join(ssr)).toBe(1);
  });

  it("are not shared by two builds in one process, with a new plugin or the same one", async () => {
    const { runs, join } = await answers();
    const first = consumer("a");
    await join(first);
    runs.leave("p", first);
    expect(await join(first)).toBe(2);
    runs.leave("p", first);
    expect(await join(consumer("b"))).toBe(3);
  });

  it("end when the last one leaves, and leaving twice ends nothing", async () => {
    const { runs, join } = await answers();
    const [a, b] = [consumer("a"), consumer("b")];
    await join(a);
    await join(b);
    expect(runs.leave("p", a)).toBeUndefined();
    expect(runs.leave("p", a)).toBeUndefined();
    await expect(runs.leave("p", b)).resolves.toBe(1);
  });

  it("of two projects are separate", async () => {
    const runs = new Runs<string>();
    expect(await runs.join("p", consumer("a"), async () => "p")).toBe("p");
    expect(await runs.join("q", consumer("b"), async () => "q")).toBe("q");
  });

  it("of a dev server aren't joined by the restarted one, whose plugin was made before the old one closed", async () => {
    const { runs, join } = await answers();
    const [old, restarted] = [consumer("old", false), consumer("new", false)];
    await join(old);
    runs.leave("p", old);
    expect(await join(restarted)).toBe(2);
  });

  it("of a dev server are shared by every plugin made before it started, and by none made later", async () => {
    const { runs, join } = await answers();
    const [client, ssr] = [consumer("client", false), consumer("ssr", false)];
    expect([await join(client), await join(ssr)]).toEqual([1, 1]);
    const restarted = consumer("restarted client", false);
    expect(await join(restarted)).toBe(2);
    expect([await join(ssr), await join(restarted)]).toEqual([1, 2]);
    expect(runs.leave("p", client)).toBeUndefined();
    await expect(runs.leave("p", ssr)).resolves.toBe(1);
    expect(await join(restarted)).toBe(2);
    await expect(runs.leave("p", restarted)).resolves.toBe(2);
  });

  it("that couldn't be opened are retried", async () => {
    const runs = new Runs<string>();
    const who = consumer("a");
    await expect(runs.join("p", who, () => Promise.reject(new Error("bad config")))).rejects.toThrow(
      "bad config",
    );
    expect(await runs.join("p", who, async () => "mended")).toBe("mended");
  });
});
