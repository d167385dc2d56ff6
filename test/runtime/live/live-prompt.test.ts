import { describe, expect, it, vi } from "vitest";
import {
  MissingApiKeyError,
  NoProductionVersionError,
  NotFoundError,
  ServerError,
} from "../../../src/errors/classes.ts";
import { configureLive, liveStatus, refreshLive } from "../../../src/runtime/configure-live.ts";
import type { LiveIncompatible, LivePromptName, LiveRefresh } from "../../../src/runtime/live-registry.ts";
import { liveBuild, loadLiveModule } from "./emitted-live-module.ts";
import {
  credentials,
  greetings,
  INTERVAL_MS,
  refresh,
  serve,
  time,
  useSimulatedTime,
} from "./live-server.ts";
import { compileVersion } from "./version-samples.ts";

useSimulatedTime();
const ADA = { name: "Ada" };

describe("a poll", () => {
  it("is started by the first render, which gets the compiled version at once", async () => {
    const { platform, prompt } = serve();
    platform.labelled = greetings.reworded;
    await time.advance(10 * INTERVAL_MS);
    expect(platform.requestedAtMs).toEqual([]);
    expect(prompt.render(ADA)).toBe("Hello Ada");
    await time.advance(1000);
    expect(prompt.render(ADA)).toBe("Hi Ada!");
    expect(prompt.default).toBe(prompt.render);
  });

  it("is started by current() as well, and by nothing else", async () => {
    const { platform, prompt } = serve();
    expect(prompt.current().versionNumber).toBe(1);
    await time.advance(1000);
    expect(platform.polledAtMs).toHaveLength(1);
    await time.advance(100 * INTERVAL_MS);
    expect([prompt.content, prompt.metadata, prompt.getMetadata("model")]).toEqual([
      "Hello {{name}}",
      { model: "small" },
      "small",
    ]);
    await time.advance(1000);
    expect(platform.polledAtMs).toHaveLength(1);
  });

  it("comes again once the interval has passed since the last one started, not before", async () => {
    const { platform, prompt } = serve();
    for (let passed = 0; passed < 5 * INTERVAL_MS; passed += 500) {
      prompt.render(ADA);
      await time.advance(500);
    }
    expect(platform.polledAtMs).toHaveLength(5);
    const gaps = platform.polledAtMs.slice(1).map((at, i) => at - (platform.polledAtMs[i] as number));
    // The first waits for the login and then for its turn in the rate.
    for (const gap of gaps.slice(1)) expect(gap).toBeCloseTo(INTERVAL_MS, -3);
  });

  it("sends a condition, and treats the same version without one as the same", async () => {
    const onRefresh = vi.fn();
    const { platform, prompt } = serve({ onRefresh });
    const before = prompt.current();
    for (let i = 0; i < 6; i++) {
      platform.hasEtags = i % 3 > 0;
      prompt.render(ADA);
      await time.advance(INTERVAL_MS);
    }
    expect(platform.polledAtMs).toHaveLength(6);
    expect(onRefresh).not.toHaveBeenCalled();
    expect(prompt.current()).toBe(before);
  });

  it("waits for configureLive's interval, whenever that is set", async () => {
    const { platform, prompt } = serve({ interval: 5 });
    const count = async (seconds: number) => {
      const before = platform.polledAtMs.length;
      for (let i = 0; i < seconds * 4; i++) {
        prompt.render(ADA);
        await time.advance(250);
      }
      return platform.polledAtMs.length - before;
    };
    expect(await count(20)).toBe(4);
    configureLive({ interval: 1 });
    expect(await count(10)).toBeGreaterThanOrEqual(9);
    configureLive({ interval: undefined });
    expect(await count(59)).toBeLessThanOrEqual(1);
  });

  it("isn't made with SCOPE_LIVE=off, not even by refreshLive", async () => {
    vi.stubEnv("SCOPE_LIVE", "off");
    const { platform, prompt } = serve();
    platform.labelled = greetings.reworded;
    for (let i = 0; i < 4; i++) {
      expect(prompt.render(ADA)).toBe("Hello Ada");
      await time.advance(INTERVAL_MS);
    }
    expect(await refreshLive()).toMatchObject([{ status: "compiled", versionNumber: 1 }]);
    expect(platform.requestedAtMs).toEqual([]);
  });
});

describe("a new version", () => {
  it("updates every export at once, in a turn of its own; a stored version stays complete", async () => {
    const { platform, prompt } = serve();
    const held = prompt.current();
    platform.labelled = greetings.reworded;
    const seen = new Set<string>();
    prompt.render(ADA);
    for (let i = 0; i < 300; i++) {
      const { content, metadata, versionId, versionNumber } = prompt;
      const before = JSON.stringify([content, metadata, versionId, versionNumber, prompt.render(ADA)]);
      seen.add(before);
      // However long somebody waits for resolved promises, no other version comes in between.
      for (let j = 0; j < 20; j++) await undefined;
      const { content: later, versionNumber: number } = prompt;
      expect([later, number]).toEqual([content, versionNumber]);
      expect(prompt.cachePrefix?.characters).toBe(String(content).indexOf("{{"));
      expect(prompt.current().cachePrefix).toEqual(prompt.cachePrefix);
      await time.advance(1);
    }
    expect([...seen]).toEqual([
      '["Hello {{name}}",{"model":"small"},"version_1",1,"Hello Ada"]',
      '["Hi {{name}}!",{"model":"large"},"version_2",2,"Hi Ada!"]',
    ]);
    expect([held.render(ADA), held.versionNumber, held.metadata]).toEqual([
      "Hello Ada",
      1,
      { model: "small" },
    ]);
    expect(Object.isFrozen(held)).toBe(true);
    expect(Object.keys(held).sort()).toEqual([
      "attributes",
      "cachePrefix",
      "content",
      "metadata",
      "render",
      "versionId",
      "versionNumber",
    ]);
    expect(prompt.getMetadata("model")).toBe("large");
    expect(prompt.getMetadata("absent", 7)).toBe(7);
  });

  it("is frozen at every depth, as the compiled one is", async () => {
    const content = [{ role: "system", content: "Be {{tone}}" }];
    const compiled = { number: 1, content, metadata: { options: { stop: ["a"] } } };
    const { platform, prompt } = serve({}, { compiled });
    for (const number of [1, 2]) {
      platform.labelled = {
        ...compiled,
        number,
        content: [{ role: "system", content: `${number}: {{tone}}` }],
      };
      if (number === 2) await refresh();
      for (const served of [prompt, prompt.current()]) {
        expect(served.versionNumber).toBe(number);
        const { options } = served.metadata as typeof compiled.metadata;
        expect(() => options.stop.push("b")).toThrow(TypeError);
        expect(() => Object.assign(served.content[0] as object, { role: "user" })).toThrow(TypeError);
        expect(() => Object.assign(served.content, { length: 0 })).toThrow(TypeError);
        expect(() => Object.assign(served.metadata, { options: 1 })).toThrow(TypeError);
      }
    }
  });

  it("is reported with the old and the new version", async () => {
    const onRefresh = vi.fn<(refresh: LiveRefresh) => void>();
    const { platform, prompt } = serve({ onRefresh });
    platform.labelled = greetings.reworded;
    prompt.render(ADA);
    await time.advance(1000);
    const versions = {
      one: { versionId: "version_1", versionNumber: 1 },
      two: { versionId: "version_2", versionNumber: 2 },
    };
    const named = { name: "greeting", label: "production" };
    expect(onRefresh.mock.calls).toEqual([[{ ...named, from: versions.one, to: versions.two }]]);
    platform.labelled = greetings.first;
    await refresh();
    expect(onRefresh.mock.calls[1]).toEqual([{ ...named, from: versions.two, to: versions.one }]);
    expect(prompt.render(ADA)).toBe("Hello Ada");
  });

  it("that doesn't keep the contract is reported once, and the last good one stays", async () => {
    const onIncompatible = vi.fn<(incompatible: LiveIncompatible) => void>();
    const { platform, prompt } = serve({ onIncompatible });
    platform.labelled = greetings.reworded;
    await refresh();
    platform.labelled = greetings.withPlan;
    for (let i = 0; i < 3; i++) await refresh();
    expect(onIncompatible.mock.calls).toEqual([
      [
        {
          name: "greeting",
          label: "production",
          versionId: "version_3",
          versionNumber: 3,
          changes: ['new variable "plan"'],
          kept: { versionId: "version_2", versionNumber: 2 },
        },
      ],
    ]);
    expect(prompt.render(ADA)).toBe("Hi Ada!");
    expect(liveStatus()).toMatchObject([{ status: "stale", versionNumber: 2 }]);
    platform.labelled = greetings.withoutModel;
    await refresh();
    expect(onIncompatible.mock.calls[1]).toMatchObject([{ changes: ['metadata "model" is gone'] }]);
    platform.labelled = greetings.first;
    await refresh();
    expect(prompt.render(ADA)).toBe("Hello Ada");
    expect(onIncompatible).toHaveBeenCalledTimes(2);
  });

  it("of another prompt, which has the name now, isn't served, whatever it contains", async () => {
    const onIncompatible = vi.fn<(incompatible: LiveIncompatible) => void>();
    const { platform, prompt } = serve({ onIncompatible });
    platform.labelled = { ...greetings.reworded, promptId: "prompt_2" };
    await refresh();
    expect(prompt.render(ADA)).toBe("Hello Ada");
    expect(onIncompatible.mock.calls).toMatchObject([
      [{ versionNumber: 2, changes: ["another prompt has this name now"] }],
    ]);
  });
});

describe("a problem", () => {
  it("missing credentials: stale, reported once, no request, and fixed by configureLive", async () => {
    const onError = vi.fn<(error: Error, prompt: LivePromptName) => void>();
    for (const name of ["ORG_ID", "API_KEY", "CLIENT_ID", "API_SECRET", "CLIENT_SECRET"]) {
      vi.stubEnv(`SCOPE_${name}`, "");
    }
    vi.stubEnv("SCOPE_API_SECRET", "the-secret");
    const { platform, prompt } = serve({ onError, credentials: undefined });
    const other = loadLiveModule(compileVersion(greetings.withPlan, "other"), liveBuild);
    for (let i = 0; i < 10; i++) {
      expect([prompt.render(ADA), other.render({ ...ADA, plan: 1 })]).toEqual(["Hello Ada", "Hello Ada (1)"]);
      await time.advance(INTERVAL_MS / 2);
    }
    expect(platform.requestedAtMs).toEqual([]);
    expect(onError).toHaveBeenCalledTimes(1);
    const [error, about] = onError.mock.calls[0] as [Error, LivePromptName];
    expect(error).toBeInstanceOf(MissingApiKeyError);
    expect(error).toMatchObject({
      code: "credentials_missing",
      message: expect.stringContaining("orgId, apiKey missing, apiSecret set."),
    });
    expect(JSON.stringify([error, error.message, error.stack])).not.toContain("the-secret");
    expect(about).toEqual({ name: "greeting", label: "production" });
    expect(liveStatus().map(({ status }) => status)).toEqual(["stale", "stale"]);
    vi.stubEnv("SCOPE_API_SECRET", "");
    configureLive({ credentials });
    prompt.render(ADA);
    await time.advance(1000);
    expect(liveStatus()[0]).toMatchObject({ status: "compiled", lastConfirmed: expect.any(Date) });
  });

  it("an outage of all prompts is reported once, and polls are back within 4 intervals", async () => {
    const onError = vi.fn();
    const { platform, prompt } = serve({ onError });
    const more = loadMany(5);
    const all = [prompt, ...more];
    const renderFor = async (intervals: number) => {
      for (let i = 0; i < intervals * 20; i++) {
        for (const each of all) each.render(ADA);
        await time.advance(INTERVAL_MS / 20);
      }
    };
    await renderFor(1);
    platform.fault = "500";
    const before = platform.polledAtMs.length;
    await renderFor(20);
    const each = (platform.polledAtMs.length - before) / all.length;
    expect(each).toBeGreaterThanOrEqual(20 / 4);
    expect(each).toBeLessThanOrEqual(12);
    for (const fault of ["refused", "login-503", "429", "hangs"] as const) {
      platform.fault = fault;
      await renderFor(6);
    }
    expect(onError).toHaveBeenCalledTimes(1);
    expect(onError.mock.calls[0]?.[0]).toBeInstanceOf(ServerError);
    platform.fault = undefined;
    platform.labelled = greetings.reworded;
    await renderFor(4);
    expect(all.map((one) => one.versionNumber)).toEqual(all.map(() => 2));
    platform.fault = "503";
    await renderFor(2);
    expect(onError).toHaveBeenCalledTimes(2);
  });

  it("of one prompt is only that prompt's, and gives the platform's response", async () => {
    const onError = vi.fn();
    const { platform } = serve({ onError });
    platform.fault = "404";
    await refresh();
    expect(onError).toHaveBeenCalledTimes(1);
    const [error] = onError.mock.calls[0] as [NotFoundError];
    expect(error).toBeInstanceOf(NotFoundError);
    expect([error.httpStatus, error.code]).toEqual([404, "prompt_not_found"]);
  });

  it("of a poll that is out of date isn't reported", async () => {
    const onError = vi.fn();
    const { platform, prompt } = serve({ onError });
    await refresh();
    await time.advance(INTERVAL_MS);
    platform.fault = "hangs";
    prompt.render(ADA);
    await time.advance(1000);
    platform.fault = undefined;
    platform.labelled = greetings.reworded;
    await refresh();
    await time.advance(INTERVAL_MS / 2);
    expect(onError).not.toHaveBeenCalled();
    expect(liveStatus()).toMatchObject([{ status: "refreshed", versionNumber: 2 }]);
  });

  it("that prevents a request is a configuration error, and says what it is", async () => {
    const onError = vi.fn();
    vi.stubEnv("SCOPE_ENVIRONMENT", "prod–eu");
    const { platform } = serve({ onError });
    await refresh();
    vi.stubEnv("SCOPE_ENVIRONMENT", "");
    expect(platform.requestedAtMs).toEqual([]);
    expect(onError.mock.calls.map(([error]) => [error.code, error.message])).toEqual([
      ["config_invalid", expect.stringContaining("environment can only contain")],
    ]);
  });

  it("of a prompt without a production version differs from the one of a missing prompt", async () => {
    const onError = vi.fn();
    const found = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
    const fetch = async (url: string, { method }: RequestInit) => {
      if (method === "POST") return found({ access_token: "token" });
      if (url.endsWith("/production")) return found({ error: { code: "not_found", message: "" } }, 404);
      return found({ id: "v", prompt_id: "p", version_number: 1, status: "draft", content: "" });
    };
    serve({ onError, fetch: fetch as typeof globalThis.fetch });
    await refresh();
    expect(onError.mock.calls.map(([error]) => error.code)).toEqual(["no_production_version"]);
    expect(onError.mock.calls[0]?.[0]).toBeInstanceOf(NoProductionVersionError);
  });

  it("in a hook is reported and changes nothing", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    const onRefresh = () => {
      throw new Error("in onRefresh");
    };
    const onError = async () => {
      throw new Error("in onError");
    };
    const { platform, prompt } = serve({ onRefresh, onError });
    platform.labelled = greetings.reworded;
    await refresh();
    platform.fault = "refused";
    await refresh();
    expect(prompt.render(ADA)).toBe("Hi Ada!");
    expect(report.mock.calls.map(([text, error]) => `${text} ${error.message}`)).toEqual([
      "[unplugin-scope] onRefresh threw: in onRefresh",
      "[unplugin-scope] onError threw: in onError",
    ]);
  });

  it("without hooks is a warning that says what to do", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { platform } = serve({ credentials: { ...credentials, orgId: "wrong" } });
    await refresh();
    platform.labelled = greetings.withPlan;
    configureLive({ credentials });
    await refresh();
    const texts = warn.mock.calls.map(([text]) => text);
    expect(texts[0]).toContain(
      `Live prompt "greeting": version 1 stays, because it can't be refreshed. The login at https://login.test was refused with 401. Check SCOPE_ORG_ID`,
    );
    expect(texts[1]).toContain('Live prompt "greeting": version 3 breaks the compiled contract');
    expect(texts).toHaveLength(2);
  });
});

describe("the rate", () => {
  it("holds for a thousand prompts together: the interval gets longer, and every prompt is polled", async () => {
    const { platform } = serve();
    const prompts = loadMany(1000);
    platform.labelled = greetings.reworded;
    for (let second = 0; second < 120; second++) {
      for (const prompt of prompts) prompt.render(ADA);
      await time.advance(1000);
    }
    expect(prompts.filter(({ versionNumber }) => versionNumber === 2)).toHaveLength(1000);
    const at = platform.requestedAtMs;
    for (let i = 10; i < at.length; i++) {
      expect((at[i] as number) - (at[i - 10] as number)).toBeGreaterThanOrEqual(999.9);
    }
    const logins = platform.requestedAtMs.length - platform.polledAtMs.length;
    expect(logins).toBe(1);
  });

  it("a server that stops rendering soon makes no requests; what is due goes on with the next render", async () => {
    const { platform } = serve();
    const prompts = loadMany(500);
    for (const prompt of prompts) prompt.render(ADA);
    await time.advance(50);
    expect(time.keepingAlive, "what waits for its turn lets the process end").toBe(0);
    await time.advance(9950);
    const early = platform.requestedAtMs.length;
    expect(early).toBeGreaterThan(15);
    expect(early).toBeLessThan(45);
    await time.advance(10 * INTERVAL_MS);
    expect(platform.requestedAtMs).toHaveLength(early);
    platform.labelled = greetings.reworded;
    prompts[0]?.render(ADA);
    await time.advance(3000);
    expect(platform.requestedAtMs.length).toBeGreaterThan(early + 10);
    const refreshed = refreshLive();
    await time.advance(2 * INTERVAL_MS);
    expect((await refreshed).filter(({ versionNumber }) => versionNumber === 2)).toHaveLength(501);
  });

  it("is configureLive's, or else the lowest of the loaded builds", async () => {
    const { platform } = serve({}, { build: { maxRequestsPerSecond: 2 } });
    const all = loadMany(5);
    for (const prompt of all) prompt.render(ADA);
    await time.advance(2900);
    expect(platform.requestedAtMs).toHaveLength(6);
    configureLive({ maxRequestsPerSecond: 100 });
    await refresh();
    expect(platform.requestedAtMs).toHaveLength(1 + 6 + 6);
  });

  it("Retry-After holds back every prompt, for at most retryMaxDelay", async () => {
    const onError = vi.fn();
    const { platform, prompt } = serve({ onError });
    const other = loadLiveModule(compileVersion(greetings.first, "other"));
    await refresh();
    platform.fault = "429";
    platform.retryAfter = "20";
    await time.advance(INTERVAL_MS);
    prompt.render(ADA);
    await time.advance(1000);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: "rate_limited", retryAfter: 20 });
    platform.fault = undefined;
    const before = platform.requestedAtMs.length;
    other.render(ADA);
    await time.advance(18_000);
    expect(platform.requestedAtMs).toHaveLength(before);
    await time.advance(2000);
    expect(platform.requestedAtMs).toHaveLength(before + 1);
  });

  it("a shorter Retry-After that comes later doesn't end a longer one", async () => {
    const { platform, prompt } = serve({ onError: () => {} });
    const other = loadLiveModule(compileVersion(greetings.first, "other"));
    await refresh();
    await time.advance(INTERVAL_MS);
    platform.fault = "429";
    platform.latencyMs = 500;
    platform.retryAfter = "25";
    prompt.render(ADA);
    await time.advance(100);
    platform.retryAfter = "1";
    other.render(ADA);
    await time.advance(900);
    platform.fault = undefined;
    const before = platform.requestedAtMs.length;
    const refreshed = refreshLive("other");
    await time.advance(24_000);
    expect(platform.requestedAtMs).toHaveLength(before);
    await time.advance(2000);
    expect(platform.requestedAtMs).toHaveLength(before + 1);
    await refreshed;
  });
});

it("waitUntil gets each poll that a render starts, until it ends", async () => {
  const polls: Promise<unknown>[] = [];
  const { platform, prompt } = serve({ waitUntil: (poll) => void polls.push(poll) });
  platform.labelled = greetings.reworded;
  prompt.render(ADA);
  prompt.render(ADA);
  expect(polls).toHaveLength(1);
  let isDone = false;
  void polls[0]?.then(() => (isDone = true));
  await time.advance(10);
  expect(isDone).toBe(false);
  await time.advance(1000);
  expect([isDone, prompt.versionNumber]).toEqual([true, 2]);
});

describe("refreshLive", () => {
  it("polls one prompt or all, whatever the interval, and returns their status", async () => {
    const { platform } = serve({ onError: () => {} });
    const statuses = await refresh("greeting");
    expect(statuses).toEqual([
      {
        name: "greeting",
        label: "production",
        status: "compiled",
        versionId: "version_1",
        versionNumber: 1,
        lastConfirmed: expect.any(Date),
      },
    ]);
    platform.labelled = greetings.reworded;
    expect(await refresh()).toMatchObject([{ status: "refreshed", versionNumber: 2 }]);
    platform.fault = "refused";
    expect(await refresh()).toMatchObject([{ status: "stale", versionNumber: 2 }]);
  });

  it("sees what is on the platform when it's called, also during a poll", async () => {
    const { platform, prompt } = serve();
    platform.latencyMs = 500;
    prompt.render(ADA);
    await time.advance(700);
    platform.labelled = greetings.reworded;
    await refresh();
    expect(prompt.versionNumber).toBe(2);
  });
});

/** Prompts of their own, with the same versions. */
function loadMany(length: number) {
  return Array.from({ length }, (_, i) => loadLiveModule(compileVersion(greetings.first, `greeting-${i}`)));
}

it("asks for a provided variable that the compiled version doesn't use", async () => {
  const compiled = { number: 1, content: "Be kind.", metadata: {} };
  const { platform, prompt } = serve({}, { compiled, provides: ["tone", "constructor"] });
  expect(prompt.render({})).toBe("Be kind.");
  platform.labelled = { number: 2, content: "Be {{tone}}, {{constructor}}.", metadata: {} };
  await refresh("greeting");
  expect(prompt.render({ tone: "warm", constructor: "x" })).toBe("Be warm, x.");
  expect(() => prompt.render({ tone: null })).toThrow("lacks tone, constructor");
});

it("moves the attributes with the version, and those of current() stay the same", async () => {
  const { platform, prompt } = serve();
  const before = prompt.current();
  const compiled = {
    "gen_ai.prompt.name": "greeting",
    "gen_ai.prompt.version": "1",
    "scope.prompt.name": "greeting",
    "scope.prompt.version": 1,
    "scope.prompt.label": "production",
    "scope.prompt.environment": "production",
  };
  expect(before.attributes).toMatchObject(compiled);
  expect(Object.isFrozen(before.attributes)).toBe(true);
  platform.labelled = greetings.reworded;
  await refresh();
  const { attributes, versionId } = prompt.current();
  expect(attributes).toEqual({
    ...before.attributes,
    "scope.prompt.id": prompt.promptId,
    "scope.prompt.version_id": versionId,
    "gen_ai.prompt.version": "2",
    "scope.prompt.version": 2,
  });
  expect(Object.isFrozen(attributes)).toBe(true);
  expect(prompt.attributes).toBe(attributes);
  expect(before.attributes).toMatchObject(compiled);
});
