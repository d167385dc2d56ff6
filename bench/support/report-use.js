// Preloaded into a process that is measured: says at its end what CPU time and memory it took.
import { readdirSync, readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ maxRssKb: peakOfOwn(), cpuMs: (user + system) / 1000 + cpuOfChildren() });
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

/** esbuild works in a process that it starts, and that ends after this one. */
function cpuOfChildren() {
  if (process.platform !== "linux") return 0;
  let ticks = 0;
  for (const task of readdirSync("/proc/self/task")) {
    const children = readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" ").filter(Boolean);
    for (const child of children) {
      const fields = readFileSync(`/proc/${child}/stat`, "utf8").split(") ")[1].split(" ");
      ticks += Number(fields[11]) + Number(fields[12]);
    }
  }
  return (ticks * 1000) / TICKS_PER_SECOND;
}
