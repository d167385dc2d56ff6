// How benches measure: whole processes, in turns, compared round by round.
import { fork } from "node:child_process";
import { once } from "node:events";

const REPORT = new URL("./report-use.js", import.meta.url).href;

/**
 * Runs a program as a process of its own.
 *
 * @returns {Promise<{ wallMs: number, cpuMs: number, maxRssKb: number }>} the CPU time of the user and of the system
 */
export async function runProcess(program, args, { expected = 0, ...options } = {}) {
  const startedAt = performance.now();
  const child = fork(program, args, {
    ...options,
    execArgv: ["--import", REPORT],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  let use;
  child.once("message", (message) => {
    use = message;
  });
  const [code] = await once(child, "close");
  if (code !== expected || use === undefined) {
    throw new Error(`${program} ${args.join(" ")} ended with ${code}: ${stderr}`);
  }
  return { wallMs: performance.now() - startedAt, ...use };
}

/**
 * Runs each kind of work `rounds` times, turn about, so that none has the quiet part of the machine's time.
 *
 * @returns what each gave, by kind and in the order of the rounds
 */
export async function inTurns(kinds, { rounds, warmUps = 1 }) {
  const measured = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  for (let round = -warmUps; round < rounds; round++) {
    const order = Object.entries(kinds);
    if (round % 2 !== 0) order.reverse();
    for (const [kind, work] of order) {
      const result = await work();
      if (round >= 0) measured[kind].push(result);
    }
  }
  return measured;
}

/** The median over the rounds of what one took by what the other took. */
export function medianRatio(ours, theirs, part = (each) => each) {
  return median(ours.map((each, round) => part(each) / part(theirs[round])));
}

/** A row of the bench's table. A row without a limit is there for comparison, and always met. */
export function row(name, value, limit) {
  const rounded = Math.round(value * 1000) / 1000;
  return { name, value: rounded, limit, met: limit === undefined || rounded <= limit };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
