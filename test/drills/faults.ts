import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import {
  atMost,
  type Behaviour,
  json,
  startFaultyPlatform,
  token,
  version,
} from "../client/faulty-platform.ts";
import { freePort, listenInTest } from "../support/listen.ts";

export const PROMPTS = Array.from({ length: 12 }, (_, at) => `prompt-${at}`);

/** The environment in which the platform has a fault. "none": it has none, and every prompt is a version older. */
export async function faultyEnvironment(fault: string): Promise<Readonly<Record<string, string>>> {
  const closed = async () => `http://127.0.0.1:${await freePort()}`;
  if (fault === "DNS") return at("https://platform.invalid");
  if (fault === "down") return at(await closed());
  if (fault === "proxy") return { ...at("https://platform.test"), HTTPS_PROXY: await closed(), NO_PROXY: "" };
  if (fault === "TLS") {
    const folder = join(import.meta.dirname, "..", "client", "http", "certificate");
    const [cert, key] = ["cert.pem", "key.pem"].map((name) => readFileSync(join(folder, name)));
    return at(await listenInTest(createServer({ cert, key }), "https"));
  }
  const platform = await startFaultyPlatform();
  onTestFinished(platform.close);
  const answer = fault === "none" ? right(1) : FAULTS[fault]?.(right(2));
  if (answer === undefined) throw new Error(`No such fault: ${fault}`);
  Object.assign(platform, { login: answer, prompt: answer });
  return at(platform.url);
}

function at(url: string) {
  const credentials = { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "k", SCOPE_API_SECRET: "s" };
  return { ...credentials, SCOPE_API_URL: url, SCOPE_AUTH_API_URL: url };
}

/** What a platform that is well says. */
function right(number: number): Behaviour {
  return (response, seen) => {
    if (seen.method === "POST") return token()(response, seen);
    const name = PROMPTS.find((one) => seen.path.includes(`/${one}/`)) ?? "none";
    const ids = { id: `version_${name}_${number}`, prompt_id: `prompt_${name}`, version_number: number };
    const content = `${name}, version ${number}: {{x}}`;
    json(response, 200, version({ ...ids, content, variables: ["x"], metadata: {} }));
  };
}

/** What each fault makes of the right answer. */
const FAULTS: Readonly<Record<string, (right: Behaviour) => Behaviour>> = {
  flapping(right) {
    const cut = new Set<string>();
    return (response, seen) => {
      if (cut.delete(seen.path)) return right(response, seen);
      cut.add(seen.path);
      response.socket?.destroy();
    };
  },
  "5 a second": (right) => atMost(5, 1000, right, { "retry-after": "1" }),
  "29 s answers": (right) => async (response, seen) => {
    await sleep(29_000, undefined, { ref: false });
    right(response, seen);
  },
  "half the prompts failing": (right) => (response, seen) =>
    /prompt-\d*[13579]\b/.test(seen.path)
      ? json(response, 500, { error: { code: "broken", message: "It broke." } })
      : right(response, seen),
};
