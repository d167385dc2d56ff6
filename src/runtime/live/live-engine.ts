import { processEnv } from "../../config/environment.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import type { LiveEngine, LiveRegistry } from "../live-registry.ts";
import { adoptVersion } from "./adopt-version.ts";
import { turnTime } from "./coarse-clock.ts";
import { fingerprint } from "./fingerprint.ts";
import { freezeParts } from "./freeze-parts.ts";
import { isDown, isEverybodys } from "./live-error.ts";
import type { Answer, CompiledVersion, LivePrompt, LivePromptModule, Site } from "./live-prompt.ts";
import { nameOf, statusOf } from "./live-status.ts";
import { inShort, tell } from "./notify.ts";
import { createLookQueue } from "./poll-queue.ts";
import { requestToken, requestVersion } from "./request-version.ts";
import type { Sending } from "./send.ts";
import { resolveSettings, type Settings } from "./settings.ts";
import { createTokens, type Tokens } from "./tokens.ts";

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

  const queue = createLookQueue<LivePrompt>(
    lookAt,
    (prompt) => LONGEST_WAIT * intervalMs(prompt),
    () => registry.options.maxRequestsPerSecond ?? lowestRate,
    () => awaited > 0,
  );
  const sending: Sending = {
    fetch: async (...given) => (registry.options.fetch ?? fetch)(...given),
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
    if (site.tokensFor !== key) {
      site.tokensFor = key;
      site.tokens = createTokens(
        () => requestToken(settings, sending),
        tokenRefreshBuffer * 1000,
        () => Math.min(timeout * 2000, LONGEST_WAIT * intervalMs(prompt)),
      );
    }
    return site.tokens as Tokens;
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
      const answer = await requestVersion(prompt, settings, sending, tokens, known);
      settle = () => {
        // Looks may overlap, and the answer to an earlier request come after that to a later one.
        if (answer.number > (prompt.answer?.number ?? 0)) succeed(prompt, answer);
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
    prompt.answer = answer;
    prompt.toldFaults.clear();
    prompt.site.toldFaults.clear();
    prompt.isStale = false;
    wait(prompt, 1);
    for (const compiled of prompt.compiled) {
      if (answer.text !== compiled.judgedText) judge(prompt, compiled, answer);
      if (compiled.judgedText === compiled.servedText) compiled.confirmedAt = new Date();
    }
  }

  /** Serves the version, or tells why not. */
  function judge({ name, label }: LivePrompt, compiled: CompiledVersion, { data, text }: Answer): void {
    const { served, servedText, shows } = compiled;
    compiled.judgedText = text;
    if (text === servedText) return;
    const { versionId, versionNumber, promptId } = data;
    const verdict = text === compiled.text ? compiled.version : adoptVersion(name, compiled, data);
    if ("render" in verdict) {
      compiled.served = verdict;
      compiled.servedText = text;
      compiled.promptId = promptId;
      for (const show of shows) show(verdict, promptId);
      tell(registry.options, "onRefresh", [{ name, label, from: nameOf(served), to: nameOf(verdict) }]);
    } else {
      const changes = inShort(verdict);
      tell(
        registry.options,
        "onIncompatible",
        [{ name, label, versionId, versionNumber, changes, kept: nameOf(served) }],
        `Live prompt "${name}": version ${versionNumber} does not keep the compiled contract (${changes.join(", ")}); version ${served.versionNumber} stays until the next build.`,
      );
    }
  }

  function fail(prompt: LivePrompt, error: ScopeError): void {
    const { name, label, build, site, compiled } = prompt;
    const { options } = registry;
    const isOutage = isDown(error);
    const isOfAll = isEverybodys(error);
    prompt.isStale = true;
    // Each prompt another time: the platform comes back to looks that are spread out.
    wait(prompt, isOutage ? 1 + Math.random() * (LONGEST_WAIT - 1) : 1);
    const { retryAfter } = error as { retryAfter?: number };
    if (retryAfter) {
      const longest = options.retryMaxDelay ?? build.retryMaxDelay;
      queue.pause(Math.min(retryAfter * 1000, longest * 1000, LONGEST_WAIT * intervalMs(prompt)));
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
      `Live prompt "${name}": version ${compiled[0]?.served.versionNumber} stays, it cannot be refreshed. ${error.message} ${error.hint ?? ""}`.trim(),
    );
  }

  return {
    add({ name, label, build, version, helpers, show }) {
      // What is served is frozen, also where it came with the build: it is what others are judged by.
      freezeParts(version, { left: Infinity }, -1);
      const key = JSON.stringify(build);
      const site: Site = sites.get(key) ?? { pausedUntilMs: 0, toldFaults: new Set() };
      sites.set(key, site);
      let prompt = prompts.find(
        (other) => other.site === site && other.name === name && other.label === label,
      );
      if (!prompt) {
        prompt = {
          name,
          label,
          build,
          site,
          compiled: [],
          onDue,
          lookedAtMs: -Infinity,
          waitMs: 0,
          waitIntervals: 0,
          toldFaults: new Set(),
          isStale: false,
        };
        prompts.push(prompt);
        lowestRate = Math.min(lowestRate, build.maxRequestsPerSecond);
      }
      const text = fingerprint(version);
      const same = prompt.compiled.find((other) => other.text === text);
      if (same) {
        same.shows.push(show);
        if (same.promptId) show(same.served, same.promptId);
      } else {
        prompt.compiled.push({
          version,
          helpers,
          text,
          shows: [show],
          served: version,
          servedText: text,
          judgedText: text,
        });
        wait(prompt, 0);
      }
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
      return named.flatMap(statusOf);
    },
    status: () => prompts.flatMap(statusOf),
  };
}

function isOff(): boolean {
  return processEnv().SCOPE_LIVE === "off";
}
