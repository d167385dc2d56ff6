// Compiling 10,000 prompts of 2 KB, to modules and types, without any file: against mustache.parse of the same texts,
// which only reads them, and against itself on a tenth, which shows whether time grows with the number alone.
import mustache from "mustache";
import { loadCompiler, promptSource } from "./compile-source.js";
import { manyPrompts } from "./size-prompts.js";
import { median, row } from "./support/measure.js";

export const about =
  "How long compiling 10,000 prompts takes, compared with only parsing them with mustache, and with a tenth as many.";

const COUNT = 10_000;
const ROUNDS = 3;
const METADATA = { model: "some-model", temperature: 0.5, stop: ["END"] };

/** @returns {Promise<{ rows: { name: string, value: number, limit: number | undefined, met: boolean }[] }>} */
export async function run() {
  const compiler = await loadCompiler();
  const prompts = manyPrompts(COUNT, 2000);
  const rows = [];
  for (const syntax of ["scope", "mustache"]) {
    const compile = (some) => compileAll(compiler, some, syntax);
    const few = prompts.slice(0, COUNT / 10);
    // One of each first: none is measured cold.
    compile(few);
    parseAll(few);
    const times = { few: [], all: [], parse: [] };
    for (let i = 0; i < ROUNDS; i++) {
      times.few.push(time(() => compile(few)));
      times.parse.push(time(() => parseAll(prompts)));
      times.all.push(time(() => compile(prompts)));
    }
    const [fewMs, allMs, parseMs] = [times.few, times.all, times.parse].map(median);
    const title = `compile ${COUNT} prompts of 2 KB, ${syntax}`;
    rows.push(row(`${title}: unplugin-scope / mustache.parse`, allMs / parseMs, 4));
    rows.push(row(`${title}: per prompt, 10,000 / 1,000`, allMs / COUNT / (fewMs / few.length), 1.25));
  }
  return { rows };
}

function compileAll({ compilePrompt, emitModule, emitTypes }, prompts, syntax) {
  let length = 0;
  const entries = prompts.map(({ name, text }) => {
    const compiled = compilePrompt(promptSource(text, { name, metadata: METADATA, syntax }));
    length += emitModule(compiled, { development: false, helper: "./scope-runtime.js" }).length;
    return { specifier: `scope:${name}`, compiled, snapshotFile: `scope/${name}@production.json` };
  });
  return length + emitTypes(entries, { dtsFile: "scope.d.ts" }).code.length;
}

function parseAll(prompts) {
  // Without its cache, which would answer the second round.
  const writer = Object.assign(new mustache.Writer(), { templateCache: undefined });
  let tokens = 0;
  for (const { text } of prompts) tokens += writer.parse(text).length;
  return tokens;
}

function time(work) {
  const start = process.hrtime.bigint();
  if (work() === 0) throw new Error("nothing was done");
  return Number(process.hrtime.bigint() - start) / 1e6;
}
