import { access } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ScopeClient } from "../../../src/client/index.ts";
import { isScopeError } from "../../../src/errors/scope-error.ts";
import { servePrompts } from "../../../src/platform/testing/index.ts";

const clientOf = ({ url }: { readonly url: string }, options: object = { cacheEnabled: false }) =>
  new ScopeClient({
    credentials: { orgId: "local", apiKey: "local", apiSecret: "local" },
    baseUrl: url,
    authApiUrl: url,
    ...options,
  });

describe("servePrompts", () => {
  it("serves texts, chats and metadata, and versions that are added later", async () => {
    await using platform = await servePrompts({
      "greeting-template": "Hello {{name}}",
      "support/triage": { content: [{ role: "user", content: "{{q}}" }], metadata: { model: "small-1" } },
    });
    await using client = clientOf(platform);
    expect(await client.renderPrompt("greeting-template", { name: "Ada" })).toBe("Hello Ada");
    const triage = await client.getPromptVersion("support/triage");
    expect(triage.metadata).toEqual({ model: "small-1" });
    expect(triage.render({ q: "why?" })).toEqual([{ role: "user", content: "why?" }]);
    await platform.publish("greeting-template", { content: "Hi {{name}}", metadata: { tone: "warm" } });
    const next = await client.getPromptVersion("greeting-template");
    expect([next.versionNumber, next.content, next.metadata]).toEqual([2, "Hi {{name}}", { tone: "warm" }]);
    expect(platform.env.SCOPE_API_URL).toBe(platform.url);
    expect(platform.requests.length).toBeGreaterThan(3);
  });

  it("publishes like the platform's promote: the previous production is a draft, its metadata is passed on", async () => {
    const output_schema = { type: "object" };
    await using platform = await servePrompts({
      triage: { content: "Sort {{ticket}}", metadata: { output_schema } },
    });
    await using client = clientOf(platform, { cacheTtl: 0 });
    const first = await client.getPromptVersion("triage");
    await platform.publish("triage", "Sort {{ticket}} well");
    const second = await client.getPromptVersion("triage", { label: "latest" });
    expect(second).toMatchObject({ versionNumber: 2, status: "published", isProduction: true });
    expect(second.metadata).toEqual({ output_schema });
    const pinned = { version: first.id, cache: false };
    expect((await client.getPromptVersion("triage", pinned)).status).toBe("draft");
    await client.getPromptVersion("triage");
    await client.getPromptVersion("triage");
    expect(platform.requests.at(-1)?.status).toBe(304);
    await platform.promote("triage", 1);
    expect((await client.getPromptVersion("triage", pinned)).status).toBe("published");
  });

  it("leaves nothing behind", async () => {
    const platform = await servePrompts({});
    await platform.close();
    await platform.close();
    await expect(fetch(platform.url)).rejects.toThrow();
  });

  it.each(["", "../not-written", "a/../../b", "/etc", "a//b", "a\0b"])(
    "refuses the name %j",
    async (name) => {
      const refused = await servePrompts({ [name]: "x" }).catch((error: unknown) => error);
      expect(isScopeError(refused, "platform_options_invalid")).toBe(true);
      await expect(access("../not-written")).rejects.toThrow();
    },
  );

  it("refuses something that isn't a prompt", async () => {
    await expect(servePrompts({ a: 5 as never })).rejects.toThrow('The prompt "a" has no content.');
  });
});
