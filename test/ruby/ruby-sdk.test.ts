import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ApiKeyCredentials, ScopeClient } from "../../src/client/index.ts";
import { listPrompts } from "../../src/platform/index.ts";
import { LIFE } from "../platform/life-files.ts";
import { serve } from "../platform/platform-helpers.ts";
import { askRuby, type Call, findRuby } from "./ruby-sdk.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/prompts", import.meta.url));
const ruby = findRuby();
const ask = (url: string, calls: readonly Call[], secret?: string) => askRuby(ruby ?? "", url, calls, secret);

function localClient(url: string): ScopeClient {
  const credentials = new ApiKeyCredentials({ orgId: "local", apiKey: "local", apiSecret: "local" });
  // The official SDKs know no roles: compared is what is stored.
  return new ScopeClient({ credentials, baseUrl: url, authApiUrl: url, roles: false });
}

describe.skipIf(ruby === undefined)("the official Ruby SDK on the local platform", () => {
  test("gets each fixture like our client: production, latest, by ID, pinned, rendered", async () => {
    const { url, dir } = await serve(FIXTURES);
    await using client = localClient(url);
    const calls: Call[] = [];
    const expected: object[] = [];
    for (const { name, id, production } of await listPrompts(dir)) {
      const latest = await client.getPromptVersion(name, { label: "latest" });
      const ways: Call[] = [
        { name, label: "latest" },
        { name: id, label: "latest" },
        { name, version: latest.id },
        ...(production === null ? [] : [{ name }]),
      ];
      // The SDK puts a name in the path as it is, and a path is ASCII.
      for (const way of ways.filter((one) => /^[!-~]+$/.test(one.name))) {
        const version = (way.label ?? way.version) ? latest : await client.getPromptVersion(name);
        const { promptId, versionNumber, type, status, isProduction, content, metadata } = version;
        const facts = {
          id: version.id,
          promptId,
          versionNumber,
          name,
          type,
          status,
          isProduction,
          content,
          metadata,
        };
        if (version.type !== "text") {
          calls.push(way);
          expected.push({ ...facts, renders: [] });
          continue;
        }
        const values = Object.fromEntries(version.variables.map((variable) => [variable, `<${variable}>`]));
        calls.push({ ...way, renders: [values] });
        expected.push({ ...facts, renders: [{ text: version.render(values) }] });
      }
    }
    const answers = await ask(url, calls);
    expect(calls.length).toBeGreaterThan(20);
    expect(answers).toEqual(expected.map((facts) => expect.objectContaining(facts)));
  });

  test("sees the life of a version", async () => {
    const { url, promote } = await serve(LIFE, { archivePrevious: true });
    const pins = ["v_1", "v_2", "v_3"].map((version) => ({ name: "p", version }));
    const metadata = { model: "small", limits: { max: 4 } };
    const [archived, production, draft] = await ask(url, pins);
    // The SDK takes every 404 of a call without a label for this one, pinned or not.
    expect(archived).toMatchObject({ error: "NoProductionVersionError" });
    expect(production).toMatchObject({
      status: "published",
      states: [false, true, false],
      metadata,
      tags: ["demo"],
      promotedAt: "2025-02-03T04:05:06Z",
      promotedBy: "usr_01XYZ",
    });
    expect(draft).toMatchObject({
      status: "draft",
      states: [true, false, false],
      metadata,
      promotedBy: null,
    });
    await promote("p", 3);
    const calls = [
      { name: "p" },
      { name: "p", version: "v_2" },
      { name: "unpromoted" },
      { name: "none", label: "latest" },
    ];
    expect(await ask(url, calls)).toMatchObject([
      { id: "v_3", versionNumber: 3, status: "published", isProduction: true },
      { error: "NoProductionVersionError" },
      { error: "NoProductionVersionError" },
      { error: "NotFoundError", message: `There's no prompt "none". (HTTP 404)` },
    ]);
  });

  test("only logs in at its own route, and says why if it can't", async () => {
    const { url } = await serve(LIFE);
    expect(await ask(url, [{ name: "p" }], "wrong")).toMatchObject([{ error: "InvalidCredentialsError" }]);
    const documented = await serve(LIFE, { logins: ["sdk-token"] });
    expect(await ask(documented.url, [{ name: "p" }])).toMatchObject([
      { error: "TokenRefreshError", message: expect.stringMatching(/^There's nothing at \/v1\/auth\//) },
    ]);
  });
});
