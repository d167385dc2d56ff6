// Prompts that are large in every way that hurts a parser, pulled at growing sizes.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeApp, temporaryFolder, writeTree } from "../support/app.ts";
import { ROOT } from "../support/run.ts";
import { exponent } from "./growth.ts";
import { measured } from "./measured.ts";
import { platformProcess } from "./platform-process.ts";

// Begins with a letter: a text of white space alone is refused.
const repeated = (piece: string) => (size: number) => `x${piece.repeat(Math.ceil(size / piece.length))}`;
const numbered = (before: string, after: string) => (size: number) =>
  Array.from(
    { length: Math.ceil(size / 20) },
    (_, i) => `${before}name_${String(i).padStart(9, "0")}${after}`,
  ).join("");

const KINDS: Readonly<Record<string, (size: number) => string>> = {
  variables: numbered("{{", "}}"),
  "near-misses": numbered("{{ ", " }}"),
  open: repeated("{{"),
  backticks: repeated("`"),
  dollars: repeated("${"),
  backslashes: repeated("\\"),
  lines: repeated("\r\n"),
  separators: repeated("\u2028"),
  markup: repeated("</script><!--"),
  comments: repeated("*/ //# sourceMappingURL=x\n"),
  spaces: repeated(" "),
  emoji: repeated("👩🏽‍💻"),
};

export async function hostileSizes(sizes: readonly number[]): Promise<{
  readonly cpu: readonly number[];
  readonly peakMb: readonly number[];
  readonly cpuExponent: number;
}> {
  const costs = [];
  for (const size of [1, ...sizes]) costs.push(await pull(size));
  const [base, ...others] = costs as [(typeof costs)[number], ...typeof costs];
  const cpu = others.map(({ cpuSeconds }) => cpuSeconds);
  // What the command costs with hardly any text isn't part of the growth.
  const added = cpu.map((one) => Math.max(one - base.cpuSeconds, 0.05));
  return { cpu, peakMb: others.map(({ peakMb }) => peakMb), cpuExponent: exponent(sizes, added) };
}

async function pull(size: number) {
  const dir = await temporaryFolder();
  await writeTree(
    dir,
    Object.fromEntries(
      Object.entries(KINDS).flatMap(([name, text]) => [
        [`${name}/1.md`, text(size)],
        [`${name}-chat/1.json`, JSON.stringify([{ role: "user", content: text(size) }])],
      ]),
    ),
  );
  await using platform = await platformProcess(dir);
  const names = Object.keys(KINDS).flatMap((name) => [name, `${name}-chat`]);
  const root = await makeApp({ "scope.config.json": JSON.stringify({ prompts: names }) });
  const cost = await measured([join(ROOT, "bin", "scope-gen.js"), "pull", "--quiet"], {
    cwd: root,
    env: platform.env,
  });
  for (const folder of [dir, root]) await rm(folder, { recursive: true, maxRetries: 5 });
  return cost;
}
