import { processEnv, readEnv } from "../../config/environment.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import type { LiveEngine, LiveRegistry } from "../live-registry.ts";
import type { LiveStatus, LiveVersion, VersionName } from "../live-types.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { isDown, isEverybodys } from "./live-error.ts";
import type { Answer, LivePrompt, LivePromptModule, Site } from "./live-prompt.ts";
import { createLookQueue } from "./look-queue.ts";
import { requestToken, requestVersion } from "./request-version.ts";
import type { Sending } from "./send.ts";
import { resolveSettings, type Settings } from "./settings.ts";
import { tell } from "./tell.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import { turnTime } from "./turn-time.ts";

/** Intervals after which the next look comes at the latest, one that never ends included. Less than the 4 promised. */
const LONGEST_WAIT = 3.5;
const ASKS_AGAIN_MS = 1000;

/** The live prompts of a process: when to look, and what to do with what is found. */
export function createLiveEngine(registry: LiveRegistry): LiveEngine & {
  add(module: LivePromptModule): LivePrompt;
} {
  const prompts: LivePrompt[] = [];
  const sites = new Map<string, Site>();
  let lowestRate = Infinity;
  let awaited = 0;

  const queue = createLookQueue<LivePrompt>({
    rate: () => registry.options.maxRequestsPerSecond ?? lowestRate,
    look: lookAt,
    isAwaited: () => awaited > 0,
    lostAfterMs: (prompt) => LONGEST_WAIT * intervalMs(prompt),
  });
  const sending: Sending = {
    fetch: (...given) => (registry.options.fetch ?? fetch)(...given),
    slot: queue.slot,
  };

  function intervalMs({ build }: LivePrompt): number {
    return (registry.options.interval ?? build.interval) * 1000;
  }

  function wait(prompt: LivePrompt, intervals: number): void {
    prompt.waitIntervals = intervals;
    prompt.waitMs = intervals * intervalMs(prompt);
  }

  function tokensOf(prompt: LivePrompt, settings: Settings): Tokens {
    const { site } = prompt;
    const { authApiUrl, credentials, tokenRefreshBuffer, timeout } = settings;
    const key = JSON.stringify([authApiUrl, credentials, tokenRefreshBuffer]);
    if (site.tokens === undefined || site.tokensFor !== key) {
      site.tokensFor = key;
      site.tokens = createTokens(
        () => requestToken(settings, sending),
        tokenRefreshBuffer * 1000,
        () => Math.min(timeout * 2000, LONGEST_WAIT * intervalMs(prompt)),
      );
    }
    return site.tokens;
  }

  function onDue(prompt: LivePrompt): void {
    prompt.lookedAtMs = turnTime();
    wait(prompt, 1);
    if (isOff()) return;
    const pausedMs = prompt.site.pausedUntilMs - turnTime();
    if (pausedMs > 0 && pausedMs <= prompt.waitMs) {
      prompt.isStale = true;
      prompt.waitMs = pausedMs;
      return;
    }
    // Until its turn has come each render asks again, which is what moves the queue.
    prompt.waitMs = Math.min(prompt.waitMs, ASKS_AGAIN_MS);
    tell(registry.options, "waitUntil", [queue.add(prompt)]);
  }

  async function lookAt(prompt: LivePrompt): Promise<void> {
    const known = prompt.answer;
    let settle: () => void;
    prompt.lookedAtMs = turnTime();
    wait(prompt, LONGEST_WAIT);
    try {
      const settings = resolveSettings(prompt.build, registry.options, processEnv());
      const tokens = tokensOf(prompt, settings);
      const found = await requestVersion(prompt, settings, sending, tokens, known?.etag);
      const { data, etag, number } = found;
      settle = () => {
        // Looks may overlap, and the answer to an earlier request come after that to a later one.
        if (number < prompt.answerNumber) return;
        prompt.answerNumber = number;
        succeed(prompt, data ? judgeAnswer(prompt, data, etag) : (known as Answer));
      };
    } catch (error) {
      settle = () => {
        if (prompt.answer === known) fail(prompt, error as ScopeError);
      };
    }
    // A turn of its own: nobody who runs now, or has awaited nothing but settled promises, sees two versions.
    await new Promise((done) => setTimeout(done));
    settle();
  }

  function succeed(prompt: LivePrompt, answer: Answer): void {
    const { answer: before, served, name, label } = prompt;
    const { version, changes, data } = answer;
    prompt.answer = answer;
    prompt.failures = 0;
    prompt.toldFaults.clear();
    prompt.site.toldFaults.clear();
    wait(prompt, 1);
    prompt.isStale = !version;
    if (version) {
      prompt.confirmedAt = new Date();
      if (version === served) return;
      prompt.served = version;
      prompt.show(version, data.promptId);
      tell(registry.options, "onRefresh", [{ name, label, from: nameOf(served), to: nameOf(version) }]);
    } else if (changes !== before?.changes) {
      const messages = changes.map(({ message }) => message);
      const { versionId, versionNumber } = data;
      tell(
        registry.options,
        "onIncompatible",
        [{ name, label, versionId, versionNumber, changes: messages, kept: nameOf(served) }],
        `Live prompt "${name}": version ${versionNumber} does not keep the compiled contract (${messages}); version ${served.versionNumber} stays until the next build.`,
      );
    }
  }

  function fail(prompt: LivePrompt, error: ScopeError): void {
    const { name, label, build, site } = prompt;
    const { options } = registry;
    const isOutage = isDown(error);
    const isOfAll = isEverybodys(error);
    prompt.isStale = true;
    prompt.failures += 1;
    const spread = Math.random();
    const backoff = prompt.failures > 1 ? 2 + spread * (LONGEST_WAIT - 2) : 1 + spread;
    wait(prompt, isOutage ? backoff : 1);
    const { retryAfter } = error as { retryAfter?: number };
    if (retryAfter) {
      const longest = options.retryMaxDelay ?? build.retryMaxDelay;
      queue.pause(Math.min(Math.min(retryAfter, longest) * 1000, LONGEST_WAIT * intervalMs(prompt)));
    }
    if (isOfAll) site.pausedUntilMs = turnTime() + intervalMs(prompt);
    // An outage has many forms, of which each prompt may meet another. It is told once, as is a fault of all prompts.
    const fault = isOutage ? "outage" : (error.code ?? error.name);
    const isTold = prompt.toldFaults.has(fault) || site.toldFaults.has(fault);
    prompt.toldFaults.add(fault);
    if (isOfAll || isOutage) site.toldFaults.add(fault);
    if (isTold) return;
    tell(
      options,
      "onError",
      [error, { name, label }],
      `Live prompt "${name}": version ${prompt.served.versionNumber} stays, it cannot be refreshed. ${error.message} ${error.hint ?? ""}`.trim(),
    );
  }

  return {
    add(module) {
      const key = JSON.stringify(module.build);
      const site: Site = sites.get(key) ?? { pausedUntilMs: 0, toldFaults: new Set() };
      sites.set(key, site);
      const prompt: LivePrompt = {
        ...module,
        site,
        onDue,
        served: module.version,
        lookedAtMs: -Infinity,
        waitMs: 0,
        waitIntervals: 0,
        answerNumber: 0,
        failures: 0,
        toldFaults: new Set(),
        isStale: false,
      };
      prompts.push(prompt);
      lowestRate = Math.min(lowestRate, module.build.maxRequestsPerSecond);
      return prompt;
    },
    configured() {
      for (const site of sites.values()) site.pausedUntilMs = 0;
      // What failed may be mended by the new options.
      for (const prompt of prompts) wait(prompt, prompt.isStale ? 0 : prompt.waitIntervals);
    },
    async refresh(name) {
      const named = prompts.filter((prompt) => name === undefined || prompt.name === name);
      if (!isOff()) {
        // Somebody waits: until the looks are done the process goes on, although none of their timers asks for it.
        const keepAlive = setInterval(() => {}, 60_000);
        awaited += 1;
        await Promise.all(named.map(queue.add));
        awaited -= 1;
        clearInterval(keepAlive);
      }
      return named.map(statusOf);
    },
    status: () => prompts.map(statusOf),
  };
}

function isOff(): boolean {
  return readEnv(processEnv(), "SCOPE_LIVE") === "off";
}

function statusOf({ name, label, version, served, isStale, confirmedAt }: LivePrompt): LiveStatus {
  const status = isStale ? "stale" : served === version ? "compiled" : "refreshed";
  return { name, label, status, ...nameOf(served), lastConfirmed: confirmedAt };
}

function nameOf({ versionId, versionNumber }: LiveVersion): VersionName {
  return { versionId, versionNumber };
}
