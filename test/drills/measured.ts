import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { cleanEnv, ROOT } from "../support/run.ts";

export interface Cost {
  readonly seconds: number;
  /** Of the process and of those that it started and that still run: esbuild is one. */
  readonly cpuSeconds: number;
  /** The most memory that the process held. */
  readonly peakMb: number;
}

/**
 * The heap that a program gets, in MB. Node lets a heap grow while the machine has memory, and then its peak says
 * nothing of what the program needs; one that needs more than this ends with an error.
 */
const HEAP_MB = 1500;

/** Runs a program of Node's to its end and says what it cost. Anything but the expected exit is an error. */
export async function measured(
  [program = "", ...args]: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Cost> {
  const startedAt = performance.now();
  const child = fork(program, args, {
    cwd: options.cwd,
    env: cleanEnv(options.env),
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
  if (code !== 0 || report === undefined)
    throw new Error(`${program} ${args.join(" ")} ended with ${code}.\n${output}`);
  return {
    seconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: report.cpuMs / 1000,
    peakMb: report.maxRssKb / 1024,
  };
}
