/**
 * An application with the client: node --expose-gc secrets-client.js <folder> [folder]. Prints every error in every
 * form, and what telemetry sees; keeps its shared cache in a file. With a second folder it writes there what its heap
 * holds while the client is open, and into the first one what it holds when the client is closed and the environment
 * forgotten.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { inspect } from "node:util";
import { writeHeapSnapshot } from "node:v8";
import { ApiKeyCredentials, ScopeClient, Telemetry } from "unplugin-scope/client";

const [folder, openFolder] = process.argv.slice(2);
const note = (text) => appendFileSync(join(folder, "cache.log"), `${text}\n`);
const entries = new Map();
const cacheStore = {
  get: async (key) => entries.get(key),
  set: async (key, value, ttl) => {
    note(`${key} ${JSON.stringify(value)} ${ttl}`);
    entries.set(key, value);
  },
  delete: async (key) => entries.delete(key),
};
const shown = (value) => {
  console.log(value);
  console.log(
    inspect(value, { depth: 20, showHidden: true, maxStringLength: null }),
    JSON.stringify(value),
    String(value),
  );
};
for (const hook of ["onRequest", "onResponse", "onError"]) Telemetry[hook](shown);

async function use() {
  const client = new ScopeClient({ credentials: ApiKeyCredentials.fromEnv(), maxRetries: 0, cacheStore });
  try {
    shown(client);
    shown(client.config);
    for (const cache of [true, false]) await ask(client, cache);
    shown(
      await Promise.allSettled(["greeting", "chat", "absent"].map((one) => client.getPromptVersion(one))),
    );
    if (openFolder !== undefined) writeHeapSnapshot(join(openFolder, "open.heapsnapshot"));
  } finally {
    await client.close();
  }
}

async function ask(client, cache) {
  try {
    shown(await client.getPromptVersion("greeting", { cache }));
    console.log(await client.renderPrompt("greeting", { name: "Ada" }));
  } catch (error) {
    shown(error);
    console.log(error.stack, error.cause);
  }
}

await use();
if (openFolder !== undefined) {
  for (const name of Object.keys(process.env)) if (name.startsWith("SCOPE_")) delete process.env[name];
  Telemetry.clear();
  for (let i = 0; i < 5; i++) {
    globalThis.gc();
    await wait(50);
  }
  writeHeapSnapshot(join(folder, "client.heapsnapshot"));
}
