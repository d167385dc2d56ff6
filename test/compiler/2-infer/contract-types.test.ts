import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { typeAliases, variablesType } from "../../../src/compiler/3-emit/types/emit-module-types.ts";
import type { CompiledPrompt } from "../../../src/compiler/compiled-prompt.ts";
import { compareContracts } from "../../../src/contract/compare-versions.ts";
import { keepsContract } from "../../../src/contract/contract.ts";
import { type InputType, NO_INPUTS } from "../../../src/contract/input-type.ts";
import { compile, runModule } from "../prompts.ts";
import { sample } from "./sample.ts";

const mustache = (text: string) => compile(text, { syntax: "mustache" });

const tag = fc.constantFrom("a", "b", "c", "a.b", "b.then", "c.length", ".");
const { node } = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    tag.map((name) => `{{${name}}}`),
    fc
      .tuple(fc.constantFrom("#", "#", "^"), tag, fc.array(tie("node"), { maxLength: 3 }))
      .map(([sign, name, inner]) => `{{${sign}${name}}}${inner.join("")}{{/${name}}}`),
  ),
}));
const nodes = fc.array(node, { minLength: 1, maxLength: 3 });

/** A template, and one that differs in little. */
const pair = fc.tuple(nodes, node, fc.nat(2), fc.constantFrom(0, 1, 2)).map(([from, added, at, replaced]) => {
  const to = from.toSpliced(at, Math.min(replaced, from.length - 1), added);
  return [from.join(""), to.join("")] as const;
});
interface Kept {
  readonly from: CompiledPrompt;
  readonly to: CompiledPrompt;
  readonly words: string;
}

function keptPairs(count: number): readonly Kept[] {
  const kept = fc.sample(pair, { numRuns: count, seed: 42 }).flatMap(([before, after]): Kept[] => {
    const [from, to] = [mustache(before), mustache(after)];
    if (from.parameter === undefined || to.parameter === undefined) return [];
    if (!keepsContract(compareContracts(from.contract, to.contract))) return [];
    return [{ from, to, words: `${JSON.stringify(before)} → ${JSON.stringify(after)}` }];
  });
  return kept.filter(({ from, to }) => variablesType(from.parameter) !== variablesType(to.parameter));
}

function namespace(name: string, { parameter }: CompiledPrompt): string {
  return `namespace ${name} { ${typeAliases(parameter).join(" ")} export type T = ${variablesType(parameter)}; }`;
}

/** The messages of TypeScript, by line. */
function check(text: string): ReadonlyMap<number, string> {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
  };
  const host = ts.createCompilerHost(options);
  const file = ts.createSourceFile("pairs.ts", text, ts.ScriptTarget.ES2022);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === "pairs.ts" ? file : getSourceFile.call(host, name, ...rest);
  const program = ts.createProgram(["pairs.ts"], options, host);
  return new Map(
    ts
      .getPreEmitDiagnostics(program)
      .map(({ start = 0, messageText }) => [
        ts.getLineAndCharacterOfPosition(file, start).line,
        ts.flattenDiagnosticMessageText(messageText, "\n"),
      ]),
  );
}

describe("a version that keeps the contract", () => {
  const kept = keptPairs(4000);

  it("accepts in its type everything that the old type allowed, as TypeScript reads both", () => {
    const lines = kept.map(
      ({ from, to }, i) =>
        `${namespace(`O${i}`, from)} ${namespace(`N${i}`, to)} export const n${i}: N${i}.T = null! as O${i}.T;`,
    );
    const wrong = [...check(lines.join("\n"))].map(([line, message]) => `${kept[line]?.words}\n${message}`);
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(kept.length).toBeGreaterThan(300);
  }, 300_000);

  it("renders everything that the old type allowed", async () => {
    let rendered = 0;
    for (const [i, { from, to, words }] of kept.entries()) {
      if (i % 4 > 0) continue;
      const value = sample(from.parameter ?? NO_INPUTS, choices(300, i), { b: "x", c: {} });
      const { render } = await runModule(to);
      expect(() => render(value), words).not.toThrow();
      rendered++;
    }
    expect(rendered).toBeGreaterThan(50);
  });
});

describe("a value that the type allows", () => {
  it("is printed as what it is, never as an object instead of a value", async () => {
    let rendered = 0;
    for (const [i, [text]] of fc.sample(pair, { numRuns: 2500, seed: 3 }).entries()) {
      const prompt = mustache(text);
      if (prompt.parameter === undefined || isEither(prompt.parameter)) continue;
      const value = sample(prompt.parameter, choices(100, i));
      const { render } = await runModule(prompt);
      expect(String(render(value)), JSON.stringify([text, value])).not.toContain("[object Object]");
      rendered++;
    }
    expect(rendered).toBeGreaterThan(500);
  });
});

/** Gives one of so many numbers at each call, the same ones for one seed. */
function choices(numRuns: number, seed: number): () => number {
  const all = fc.sample(fc.nat(83), { numRuns, seed });
  let at = 0;
  return () => all[at++ % all.length] as number;
}

/** Does it ask for one thing or another, by two uses that no value has both of? */
function isEither(type: InputType): boolean {
  if (type.kind === "object") return type.inputs.some((input) => isEither(input.type));
  if (type.kind === "section") return isEither(type.element);
  if (type.kind !== "any-of") return false;
  const given = type.types.filter(({ kind }) => kind !== "nothing");
  return given.length > 1 || given.some(isEither);
}
