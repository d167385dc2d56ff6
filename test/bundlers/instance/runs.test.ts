import { describe, expect, it } from "vitest";
import { nextTick, Runs } from "../../../src/bundlers/instance/runs.ts";

const consumer = (id: string, isBuild = true) => ({ id, madeAt: nextTick(), isBuild });

async function answers() {
  let made = 0;
  const runs = new Runs<number>();
  return { runs, join: (who: ReturnType<typeof consumer>) => runs.join("p", who, async () => ++made) };
}

// What builds and servers share on the whole is proved on them: the environments of one Vite build in
// surroundings.ci.test.ts, servers in vite/restart.ci.test.ts, two organisations in isolation.test.ts.
describe("runs", () => {
  it("are not shared by two builds in one process, with a new plugin or the same one", async () => {
    const { runs, join } = await answers();
    const first = consumer("a");
    await join(first);
    runs.leave("p", first);
    expect(await join(first)).toBe(2);
    runs.leave("p", first);
    expect(await join(consumer("b"))).toBe(3);
  });

  it("of a dev server are shared by every plugin made before it started, and by none made later", async () => {
    const { runs, join } = await answers();
    const [client, ssr] = [consumer("client", false), consumer("ssr", false)];
    expect([await join(client), await join(ssr)]).toEqual([1, 1]);
    const restarted = consumer("restarted client", false);
    expect(await join(restarted)).toBe(2);
    expect([await join(ssr), await join(restarted)]).toEqual([1, 2]);
    expect(runs.leave("p", client)).toBeUndefined();
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
