// Preloaded into a command that is measured: says at its end how much memory it held at most, in KB.
import { readFileSync } from "node:fs";

process.on("exit", () => process.send?.({ maxRssKb: peakOfOwn() }));

/**
 * Linux lets a process's `maxRSS` begin with that of the one that started it, which here has made all the prompts.
 * What `/proc` says is the program's own.
 */
function peakOfOwn() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS;
  const [, kb] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  if (kb === undefined) throw new Error("/proc/self/status does not say the peak of the memory held.");
  return Number(kb);
}
