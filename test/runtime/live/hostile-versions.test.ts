import { describe, expect, it, vi } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/prompt.ts";
import { liveStatus } from "../../../src/runtime/configure-live.ts";
import type { LiveIncompatible } from "../../../src/runtime/live-registry.ts";
import { forgetLiveState, refresh, serve, useSimulatedTime } from "./live-server.ts";
import type { SimulatedVersion } from "./simulated-platform.ts";

useSimulatedTime();

const COMMANDS = "##[error]x ##vso[task.setvariable variable=PATH]y ##TeamCity[buildStop ";
const STEERS = `${COMMANDS}x]\n2026-11-25 ERROR root logged in\u001b[2J\u001b]0;pwned\u0007\u009b2J\u202e\u2028`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const STEERING = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]|##[a-z]*\[/i;

/** What the console and `onIncompatible` are given when the label moves from one version to another. */
async function reported(from: Omit<SimulatedVersion, "number">, to: Omit<SimulatedVersion, "number">) {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const onIncompatible = vi.fn<(incompatible: LiveIncompatible) => void>();
  for (const options of [{}, { onIncompatible }]) {
    forgetLiveState();
    const { platform } = serve(options, { compiled: { number: 1, ...from } });
    platform.labelled = { number: 2, ...to };
    await refresh();
  }
  const [[warning]] = warn.mock.calls as [[string]];
  warn.mockRestore();
  return { warning, changes: onIncompatible.mock.calls[0]?.[0].changes as readonly string[] };
}

function record(keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, 1]));
}

describe("a version that doesn't keep the contract", () => {
  const chat = { content: [{ role: "system", content: "Be {{tone}}" }], metadata: {} };

  // biome-ignore format: one row a line
  it.each([
    ["roles", chat, { ...chat, content: [{ role: STEERS, content: "Be {{tone}}" }] }],
    ["metadata", { ...chat, metadata: { [STEERS]: 1, kind: { [STEERS]: 1 } } }, { ...chat, metadata: { kind: { [STEERS]: "" } } }],
  ])("doesn't control the terminal with its %s", async (_, from, to) => {
    const { warning, changes } = await reported(from, to);
    expect(warning).toContain("version 2 breaks the compiled contract");
    expect(warning).not.toMatch(STEERING);
    expect(changes.join()).toContain("ERROR root logged in");
    expect(changes.join()).not.toMatch(STEERING);
  });

  it("is reported with ten changes and how many more, none of them endless", async () => {
    const keys = Array.from({ length: 3000 }, (_, i) => `key${i}`.padEnd(5000, "x"));
    const empty = { content: "", metadata: {} };
    const { warning, changes } = await reported({ ...empty, metadata: record(keys) }, empty);
    expect(changes).toHaveLength(11);
    expect(changes.at(-1)).toBe("2990 more");
    expect(changes[0]).toMatch(/^metadata "key0x+…$/);
    expect(warning.length).toBeLessThan(3000);
    const few = await reported({ ...empty, metadata: record(keys.slice(0, 10)) }, empty);
    expect(few.changes).toHaveLength(10);
  });
});

it("the name of a prompt doesn't control the terminal either", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { platform } = serve({}, { name: STEERS });
  platform.fault = "404";
  await refresh();
  platform.fault = undefined;
  platform.labelled = { number: 2, content: "{{other}}", metadata: {} };
  await refresh();
  expect(warn).toHaveBeenCalledTimes(2);
  for (const [text] of warn.mock.calls) expect(text).not.toMatch(STEERING);
});

describe("a version with too many values and variables to compare in a moment", () => {
  const tree = (depth: number): JsonValue => (depth === 0 ? 1 : { l: tree(depth - 1), r: tree(depth - 1) });
  const wrapped = (inner: JsonValue) =>
    Array.from({ length: 80 }).reduce<JsonValue>((value) => [value], inner);
  const plain = { number: 2, content: "Hello {{name}}", metadata: {} };

  it.each<[string, SimulatedVersion]>([
    ["metadata", { ...plain, metadata: { list: wrapped(tree(16)) } }],
    ["variables", { ...plain, content: "{{name}}".repeat(30_000) }],
    ["messages", { ...plain, content: Array(30_000).fill({ role: "user", content: "" }) }],
  ])("in its %s is refused, and says so", async (_, version) => {
    const onError = vi.fn();
    const compiled =
      typeof version.content === "string" ? plain : { ...plain, content: version.content.slice(0, 1) };
    const options = { onError, maxBodyBytes: 10_000_000 };
    const { platform } = serve(options, { compiled: { ...compiled, number: 1 } });
    platform.labelled = version;
    await refresh();
    expect(onError.mock.calls.map(([error]) => [error.code, error.message])).toEqual([
      ["response_too_large", 'The response for prompt "greeting" has more than 20000 values and variables.'],
    ]);
    expect(liveStatus()).toMatchObject([{ status: "stale", versionNumber: 1 }]);
  });

  it("is compared if it's just below, with work in proportion to its size", async () => {
    const { platform, prompt } = serve({ maxBodyBytes: 10_000_000 }, { compiled: { ...plain, number: 1 } });
    platform.labelled = { ...plain, metadata: { list: wrapped(tree(13)) } };
    let written = 0;
    const stringify = JSON.stringify;
    const spy = vi.spyOn(JSON, "stringify").mockImplementation((...given: unknown[]) => {
      const text = stringify(...(given as Parameters<typeof stringify>));
      written += text?.length ?? 0;
      return text;
    });
    await refresh();
    spy.mockRestore();
    expect(prompt.versionNumber).toBe(2);
    expect(written).toBeLessThan(10 * stringify(platform.labelled).length);
  });
});
