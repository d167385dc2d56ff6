// Prompts that are large in every way that hurts a parser, pulled at growing sizes.
import { fork } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { startPlatform } from "../../src/platform/index.ts";
import { makeApp, temporaryFolder, writeTree } from "../support/app.ts";
import { cleanEnv, ROOT } from "../support/run.ts";

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

async function pull(size: number): Promise<Cost> {
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
  const platform = await startPlatform({ dir });
  const names = Object.keys(KINDS).flatMap((name) => [name, `${name}-chat`]);
  const root = await makeApp({ "scope.config.json": JSON.stringify({ prompts: names }) });
  const cost = await measured(root, platform.env).finally(() => platform.close());
  for (const folder of [dir, root]) await rm(folder, { recursive: true, maxRetries: 5 });
  return cost;
}

interface Cost {
  /** Of the process and of those that it started and that still run: esbuild is one. */
  readonly cpuSeconds: number;
  /** The most memory that the process held. */
  readonly peakMb: number;
}

/**
 * The heap that the pull gets, in MB. Node lets a heap grow while the machine has memory, and then its peak says
 * nothing of what the program needs; one that needs more than this ends with an error.
 */
const HEAP_MB = 1500;

async function measured(cwd: string, env: Readonly<Record<string, string>>): Promise<Cost> {
  const child = fork(join(ROOT, "bin", "scope-gen.js"), ["pull", "--quiet"], {
    cwd,
    env: cleanEnv(env),
    execArgv: [
      `--max-old-space-size=${HEAP_MB}`,
      "--import",
      join(ROOT, "bench", "support", "report-use.js"),
    ],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output = `${output}${chunk}`.slice(-10_000);
    });
  }
  let report: { maxRssKb: number; cpuMs: number } | undefined;
  child.on("message", (message) => {
    report = message as typeof report;
  });
  const [code] = await once(child, "close");
  if (code !== 0 || report === undefined) throw new Error(`The pull ended with ${code}.\n${output}`);
  return { cpuSeconds: report.cpuMs / 1000, peakMb: report.maxRssKb / 1024 };
}

/** The exponent of a power law, by least squares: 1 where twice the size takes twice as much. */
function exponent(sizes: readonly number[], costs: readonly number[]): number {
  const [xs, ys] = [sizes.map(Math.log), costs.map(Math.log)];
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const covariance = xs.reduce((sum, x, i) => sum + (x - meanX) * ((ys[i] as number) - meanY), 0);
  return covariance / xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
