import { join } from "node:path";
import { build } from "esbuild";
import { compile } from "svelte/compiler";
import { describe, expect, it } from "vitest";
import type { Framework } from "../../../src/runtime/hot/vite.ts";
import { temporaryFolder, writeTree } from "../../support/app.ts";
import { ROOT } from "../../support/run.ts";

interface Page {
  readonly svelte: Framework;
  default(anchor: null, props: { readonly call: () => unknown; readonly log: unknown[] }): void;
  root(use: () => void): () => void;
  flushSync(): void;
}

/** A component as Svelte compiles it for a page. Without markup it needs no document. */
async function openPage(script: string): Promise<{ page: Page; component: string }> {
  const source = `<script module>
import { flushSync } from "svelte";
import { svelte } from "./src/runtime/hot/svelte.ts";
export { flushSync, svelte };
export const root = (use) => $effect.root(use);
</script>
<script>
const { call, log } = $props();
${script}
</script>`;
  const { js } = compile(source, { filename: "app.svelte", dev: true });
  const { outputFiles } = await build({
    stdin: { contents: js.code, resolveDir: ROOT },
    bundle: true,
    format: "esm",
    conditions: ["browser", "development"],
    write: false,
  });
  const folder = await temporaryFolder();
  await writeTree(folder, { "app.svelte.mjs": outputFiles[0]?.text ?? "" });
  const page = (await import(join(folder, "app.svelte.mjs"))) as Page;
  return { page, component: join(folder, "app.svelte") };
}

/** Runs the component with a prompt that gives "v1", and says what each change of it leads to. */
async function run(script: string) {
  const { page, component } = await openPage(script);
  const log: unknown[] = [];
  const remade: string[] = [];
  const follower = page.svelte.follow((one) => remade.push(one));
  let present = "v1";
  const call = () => {
    follower.called(present);
    return present;
  };
  const destroy = page.root(() => page.default(null, { call, log }));
  page.flushSync();
  const turn = async () => {
    // What ran before lets go of the prompt a moment later, which must not make anything run again.
    await new Promise((done) => setTimeout(done));
    page.flushSync();
    return log.splice(0);
  };
  const change = (next: string) => {
    present = next;
    follower.changed(call);
    page.flushSync();
    return turn();
  };
  return { started: await turn(), change, destroy, remade, component };
}

describe("a Svelte component", () => {
  it("updates with its derived values and its effects, as long as it's mounted", async () => {
    const script = `
      const derived = $derived(call());
      $effect(() => { log.push("effect " + call()); });
      $effect(() => { log.push("derived " + derived); });`;
    const { started, change, destroy, remade } = await run(script);
    expect(started).toEqual(["effect v1", "derived v1"]);
    expect(await change("v2")).toEqual(["effect v2", "derived v2"]);
    expect(await change("v3")).toEqual(["effect v3", "derived v3"]);
    destroy();
    expect(await change("v4")).toEqual([]);
    expect(remade).toEqual([]);
  });

  it("is recreated if its script stored a text for good", async () => {
    const { change, remade, component } = await run("const once = call(); log.push(once);");
    expect(await change("v2")).toEqual([]);
    expect(remade).toEqual([component]);
  });

  it("isn't recreated for a call that isn't in the script", async () => {
    const { change, remade } = await run("queueMicrotask(call);");
    await change("v2");
    expect(remade).toEqual([]);
  });
});
