import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./run.ts";

export interface SamplePrompt {
  readonly name: string;
  readonly content: string;
}

/** Texts that break careless code generation, each under a name that breaks careless naming. */
const HOSTILE: readonly SamplePrompt[] = [
  { name: "backticks", content: "`a` ${b} \\` \\${c} $ { $& $1 {{name}}`" },
  { name: "Back\\slash", content: "C:\\new\\u0041\\x41\\0 {{name}}\\" },
  { name: "quotes'\"", content: "'single' \"double\" “curly” {{name}}" },
  { name: "</script>", content: "</script><!--<script>{{name}}--></SCRIPT >]]>" },
  { name: "lines", content: "a\r\nb\rc\nd\u2028e\u2029f\u0085g\v\f{{name}}\r\n" },
  { name: "surrogates", content: "\ud83d\ude00 👩🏽‍💻 \u{10ffff} {{name}}" },
  { name: "comment */", content: "/* */ // <!-- --> #! {{name}} */" },
  {
    name: "source map",
    content: "//# sourceMappingURL=data:application/json;base64,e30=\n/*# sourceMappingURL=x */{{name}}",
  },
  { name: "constructor", content: "{{constructor}}{{__proto__}}{{toString}}{{name}}" },
  { name: "then", content: "{{then}} {{await}} {{class}} {{1st}} {{名前}} {{name}}" },
  { name: "__proto__", content: "{{name}} is {{name}}" },
  { name: "short", content: "-" },
  { name: "nul", content: "\0\u0001\u007f\ufeff{{name}}" },
  { name: "near", content: "{{ name }} {{user.name}} {{a-b}} {{{name}}} {{}} {{name}}" },
  { name: "a/b/c", content: "nested {{name}}" },
  { name: "1", content: "digit {{name}}" },
];

/**
 * Real prompts if the corpus is next to the repository; otherwise only the hostile samples.
 * The corpus is read where it is and never copied.
 */
export async function samplePrompts(): Promise<readonly SamplePrompt[]> {
  const corpus = join(ROOT, "..", "shared", "corpus", "fabric.jsonl");
  if (!existsSync(corpus)) return HOSTILE;
  const lines = (await readFile(corpus, "utf8")).split("\n").filter((line) => line !== "");
  return [...lines.map((line) => JSON.parse(line) as SamplePrompt), ...HOSTILE];
}

/** Every variable of the platform's syntax in a text, by its definition, in order of first use. */
export function variableNames(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{([\p{L}\p{N}_]+)\}\}/gu)].map(([, name]) => name as string))];
}
