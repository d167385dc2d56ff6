// The client against a bare undici Pool loop and an lru-cache, as ratios within one run.
import { fork } from "node:child_process";
import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { LRUCache } from "lru-cache";
import { Pool } from "undici";
import { ScopeClient } from "../dist/client.js";

const PROMPTS = 1000;
const CONCURRENCY = 16;
const DELAY_MS = 25;
const WARM_UPS = 4;
const ROUNDS = 7;
const credentials = { orgId: "org", apiKey: "key", apiSecret: "secret" };
const names = Array.from({ length: PROMPTS }, (_, i) => `prompt-${i}`);

/** @returns {Promise<{ rows: { name: string, value: number, limit: number, met: boolean }[] }>} */
export async function run() {
  return { rows: [...(await fetchRows()), await cachedRow(), await memoryRow()] };
}

async function fetchRows() {
  const server = fork(new URL("./support/delayed-platform.js", import.meta.url), [String(DELAY_MS)]);
  try {
    const [{ port }] = await once(server, "message");
    const origin = `http://127.0.0.1:${port}`;
    const work = { bare: () => bareLoop(origin), ours: () => ourLoop(origin) };
    for (let i = 0; i < WARM_UPS; i++) for (const loop of Object.values(work)) await loop();
    await counts(server);
    const measured = { bare: [], ours: [] };
    let logins = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // Turn about, so that neither has the quiet half of the run.
      for (const kind of round % 2 === 0 ? ["bare", "ours"] : ["ours", "bare"]) {
        measured[kind].push(await measure(work[kind]));
        const seen = await counts(server);
        if (seen.fetches !== PROMPTS) throw new Error(`${kind} made ${seen.fetches} fetches`);
        if (kind === "ours") logins = Math.max(logins, seen.logins);
      }
    }
    const ratio = (part) =>
      median(measured.ours.map((ours, round) => part(ours) / part(measured.bare[round])));
    const title = `fetch ${PROMPTS} prompts of 2 KB, ${CONCURRENCY} at once, ${DELAY_MS} ms`;
    return [
      row(
        `${title}: wall, ours / bare undici Pool`,
        ratio((each) => each.wallMs),
        1.05,
      ),
      row(
        `${title}: CPU, ours / bare undici Pool`,
        ratio((each) => each.cpuMs),
        1.25,
      ),
      row(`${title}: logins`, logins, 1),
    ];
  } finally {
    server.disconnect();
  }
}

/** The same requests with the same headers by hand: one login, then a loop for each of the requests under way. */
async function bareLoop(origin) {
  const pool = new Pool(origin, { connections: CONCURRENCY });
  const login = await pool.request({
    method: "POST",
    path: "/v1/auth/applications/login",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ account_id: "org", client_id: "key", client_secret: "secret" }),
  });
  const { access_token: token } = await login.body.json();
  const headers = () => ({
    accept: "application/json",
    "user-agent": "bare",
    "x-request-id": crypto.randomUUID(),
    authorization: `Bearer ${token}`,
    "x-scope-environment": "production",
  });
  let next = 0;
  const prompts = [];
  const loop = async () => {
    while (next < names.length) {
      const index = next++;
      const path = `/api/v1/prompts/${names[index]}/production`;
      const { statusCode, body } = await pool.request({ method: "GET", path, headers: headers() });
      if (statusCode !== 200) throw new Error(`status ${statusCode}`);
      prompts[index] = await body.json();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, loop));
  await pool.close();
  return prompts;
}

async function ourLoop(origin) {
  const client = new ScopeClient({ credentials, baseUrl: origin, authApiUrl: origin });
  const results = await client.getPromptVersions(names, { concurrency: CONCURRENCY });
  await client.close();
  if (results.some(({ status }) => status !== "fulfilled")) throw new Error("a fetch failed");
}

/** A cached version, awaited, against an `lru-cache` of the same entries behind an async function. */
async function cachedRow() {
  const client = new ScopeClient({ credentials }, { transport: answering() });
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
  const client = new ScopeClient({ credentials, cacheMaxEntries: 1000 }, { transport: answering() });
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

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function row(name, value, limit) {
  return { name, value: Math.round(value * 1000) / 1000, limit, met: value <= limit };
}

if (process.argv[1] === new URL(import.meta.url).pathname) console.table((await run()).rows);
