import { readdir } from "node:fs/promises";
import { expect, it, onTestFinished, vi } from "vitest";
import { RenderThread } from "../../src/project/render-prompt.ts";
import { temporaryFolder } from "../support/app.ts";

function start(mostMs?: number): RenderThread {
  const thread = new RenderThread(mostMs);
  onTestFinished(() => thread[Symbol.dispose]());
  return thread;
}

it("loads a module once, renders with several values at once, and leaves no file", async () => {
  const folder = await temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const thread = start();
  const code = "let calls = 0; export const render = ({ name }) => `${name} ${++calls}`;";
  const rendered = await Promise.all(["a", "b", "c"].map((name) => thread.render(code, { name })));
  rendered.push(await thread.render(code, { name: "d" }));
  expect(rendered).toEqual(["a 1", "b 2", "c 3", "d 4"].map((output) => ({ output })));
  expect(await readdir(folder)).toEqual([]);
});

it("passes on what a rendering throws, and has neither the environment nor the flags of the process", async () => {
  const thread = start();
  const throws = 'export const render = () => { throw new Error("No name."); };';
  expect(await thread.render(throws, {})).toEqual({ problem: "No name." });
  const looks = "export const render = () => JSON.stringify([process.env, process.execArgv]);";
  expect(await thread.render(looks, {})).toEqual({ output: "[{},[]]" });
});

it("stops a rendering that doesn't end, and goes on with the next", async () => {
  const thread = start(3000);
  const endless = "export const render = () => { for (;;); };";
  expect(await thread.render(endless, {})).toEqual({ problem: "The rendering took longer than 3 seconds." });
  const code = 'export const render = () => "there";';
  expect(await thread.render(code, {})).toEqual({ output: "there" });
});

it("ends when its current work is done", async () => {
  const thread = start();
  const rendering = thread.render('export const render = () => "done";', {});
  await new Promise((done) => setImmediate(done));
  thread[Symbol.dispose]();
  expect(await rendering).toEqual({ output: "done" });
});
