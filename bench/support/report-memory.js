// Preloaded into a command that is measured: says at its end how much memory it held at most and the CPU time it took.
import { readFileSync } from "node:fs";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ maxRssKb: peakOfOwn(), cpuMs: (user + system) / 1000 });
});

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
