// The client against a bare undici Pool loop and an lru-cache, as ratios within one run.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { LRUCache } from "lru-cache";
import { ScopeClient } from "../dist/client.js";
import { bare, CONCURRENCY, credentials, names, ours, PROMPTS } from "./support/fetch-prompts.js";
import { inTurns, median, medianRatio, row, runProcess } from "./support/measure.js";

export const about = "What the client costs, compared with a plain undici `Pool` and a plain LRU cache.";

const FETCH_PROMPTS = join(import.meta.dirname, "support", "fetch-prompts.js");

/** Of the platform, where nothing is sent. */
const NO_ADDRESS = "https://platform.test";
const DELAY_MS = 25;
/** Before that, the engine is still compiling. */
const WARM_UPS = 16;
const ROUNDS = 9;
const FRESH_ROUNDS = 31;

/** @returns {Promise<{ rows: { name: string, value: number, limit: number, met: boolean }[] }>} */
export async function run() {
  return { rows: [...(await fetchRows()), await cachedRow(), await memoryRow()] };
}

async function fetchRows() {
  const server = fork(new URL("./support/delayed-platform.js", import.meta.url), [String(DELAY_MS)]);
  try {
    const [{ port }] = await once(server, "message");
    const origin = `http://127.0.0.1:${port}`;
    const fresh = (kind) => () => runProcess(FETCH_PROMPTS, [kind, origin]);
    let logins = 0;
    const steady =
      ({ fetchAll }) =>
      async () => {
        await counts(server);
        const used = await measure(fetchAll);
        const seen = await counts(server);
        if (seen.fetches !== PROMPTS) throw new Error(`${seen.fetches} fetches were made`);
        logins = Math.max(logins, seen.logins);
        return used;
      };
    const title = `fetch ${PROMPTS} prompts of 2 KB, ${CONCURRENCY} at once, ${DELAY_MS} ms`;
    const rows = (state, used, cpuLimit) => [
      row(`${title}, ${state}: wall, ours / bare undici Pool`, medianRatio(used.ours, used.bare, wall), 1.05),
      row(
        `${title}, ${state}: CPU, ours / bare undici Pool`,
        medianRatio(used.ours, used.bare, cpu),
        cpuLimit,
      ),
    ];
    const kinds = { bare: fresh("bare"), ours: fresh("ours") };
    const freshRows = rows("fresh process", await inTurns(kinds, { rounds: FRESH_ROUNDS }), 1.3);
    // As in a server: one pool, and one client, for all rounds.
    const [pool, client] = [await bare(origin), await ours(origin)];
    const loops = { bare: steady(pool), ours: steady(client) };
    const steadyRows = rows(
      "steady state",
      await inTurns(loops, { rounds: ROUNDS, warmUps: WARM_UPS }),
      1.25,
    );
    await Promise.all([pool.close(), client.close()]);
    return [...freshRows, ...steadyRows, row(`${title}: logins`, logins, 1)];
  } finally {
    server.disconnect();
  }
}

const wall = ({ wallMs }) => wallMs;
const cpu = ({ cpuMs }) => cpuMs;

/** A cached version, awaited, against an `lru-cache` of the same entries behind an async function. */
async function cachedRow() {
  const client = new ScopeClient({ credentials, baseUrl: NO_ADDRESS }, { transport: answering() });
  const cache = new LRUCache({ max: PROMPTS });
  for (const name of names) cache.set(name, await client.getPromptVersion(name));
  const peer = async (name) => cache.get(name);
  const calls = 400_000;
  const time = async (get) => {
    const startedAt = performance.now();
    for (let i = 0; i < calls; i++) await get(names[(i * 7) % PROMPTS]);
    return performance.now() - startedAt;
  };
  const loops = { peer: () => time(peer), ours: () => time((name) => client.getPromptVersion(name)) };
  const ratios = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [theirs, ours] = [await loops.peer(), await loops.ours()];
    if (round > 0) ratios.push(ours / theirs);
  }
  await client.close();
  return row("cached getPromptVersion / lru-cache get behind an async function", median(ratios), 3);
}

/** The heap after 50,000 prompts against the heap after 5,000, with room for 1,000. */
async function memoryRow() {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const options = { credentials, baseUrl: NO_ADDRESS, cacheMaxEntries: 1000 };
  const client = new ScopeClient(options, { transport: answering() });
  let asked = 0;
  const heapAfter = async (count) => {
    for (; asked < count; asked++) await client.getPromptVersion(`prompt-${asked}`);
    collect();
    return process.memoryUsage().heapUsed;
  };
  const early = await heapAfter(5000);
  const late = await heapAfter(50_000);
  await client.close();
  return row("heap after 50,000 prompts / after 5,000, cacheMaxEntries 1,000", late / early, 1.05);
}

/** A transport that answers at once, for what is measured without a network. */
function answering() {
  const content = `Hello {{name}}! ${"x".repeat(2000)}`;
  const encoder = new TextEncoder();
  return {
    async request({ method, path }) {
      const body =
        method === "POST"
          ? { access_token: "token" }
          : {
              id: path,
              prompt_id: path,
              version_number: 1,
              content: `${path} ${content}`,
              status: "published",
            };
      return {
        status: 200,
        header: () => undefined,
        body: encoder.encode(JSON.stringify(body)),
        isDelimited: true,
      };
    },
    async close() {},
  };
}

async function measure(work) {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

async function counts(server) {
  server.send("counts");
  const [seen] = await once(server, "message");
  return seen;
}
