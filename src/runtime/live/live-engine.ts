import { freezeJson } from "../../client/api/decode-version.ts";
import { createFetchTransport } from "../../client/http/fetch-transport.ts";
import { processEnv } from "../../environment.ts";
import { concernsEveryPrompt, isOutage, type RateLimitError } from "../../errors/classes.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import type { LiveConfiguration, LiveEngine, LiveRegistry } from "../live-registry.ts";
import { serveVersion } from "./adopt-version.ts";
import {
  addModule,
  coarseNow,
  type LivePrompt,
  type LivePromptModule,
  livePrompt,
  type PollResult,
  type Site,
  statusOf,
} from "./live-prompt.ts";
import { notify } from "./notify.ts";
import { createPollQueue } from "./poll-queue.ts";
import { pollVersion, resolveSettings, type SenderFor, tokensOf } from "./poll-version.ts";

/** The next poll comes after this many intervals at the latest, even if one never ends. Less than the 4 promised. */
const MAX_WAIT_INTERVALS = 3.5;
const ASKS_AGAIN_MS = 1000;

/** The live prompts of a process: when to poll, and what to do with the result. */
export function createLiveEngine(registry: LiveRegistry): LiveEngine & {
  add(module: LivePromptModule): LivePrompt;
} {
  const prompts: LivePrompt[] = [];
  const sites = new Map<string, Site>();
  let lowestRate = Infinity;
  let awaited = 0;

  const queue = createPollQueue<LivePrompt>(
    poll,
    (prompt) => MAX_WAIT_INTERVALS * intervalMs(prompt),
    () => registry.options.maxRequestsPerSecond ?? lowestRate,
    () => awaited > 0,
  );
  const transport = createFetchTransport(async (...given) => (registry.options.fetch ?? fetch)(...given));
  let requests = 0;
  /** One attempt for each request, limited by its time-out; the next poll is the retry. */
  const senderFor: SenderFor = ({ timeout, maxBodyBytes }, onSend) => ({
    transport,
    timeout,
    maxBodyBytes,
    deadline: Infinity,
    clock: () => performance.now(),
    async watch(_, run) {
      await queue.slot();
      requests += 1;
      onSend?.(requests);
      return run();
    },
  });

  function intervalMs({ build }: LivePrompt): number {
    return (registry.options.interval ?? build.interval) * 1000;
  }

  function wait(prompt: LivePrompt, intervals: number): void {
    prompt.waitIntervals = intervals;
    prompt.waitMs = intervals * intervalMs(prompt);
  }

  function onDue(prompt: LivePrompt): void {
    prompt.polledAtMs = coarseNow();
    wait(prompt, 1);
    if (isOff()) return;
    const pausedMs = prompt.site.pausedUntilMs - coarseNow();
    if (pausedMs > 0 && pausedMs <= prompt.waitMs) {
      prompt.isStale = true;
      prompt.waitMs = pausedMs;
      return;
    }
    // Until its turn has come each render asks again, which is what moves the queue.
    prompt.waitMs = Math.min(prompt.waitMs, ASKS_AGAIN_MS);
    notify(registry.options, "waitUntil", [queue.add(prompt)]);
  }

  async function poll(prompt: LivePrompt): Promise<void> {
    const { name, label, resolved: known } = prompt;
    let conclude: () => void;
    prompt.polledAtMs = coarseNow();
    wait(prompt, MAX_WAIT_INTERVALS);
    try {
      const settings = resolveSettings(prompt.build, registry.options, processEnv());
      const tokens = tokensOf(
        prompt.site,
        settings,
        senderFor,
        () => MAX_WAIT_INTERVALS * intervalMs(prompt),
      );
      const ref = { name, pin: { kind: "label", label } } as const;
      const resolved = await pollVersion(ref, settings, senderFor, tokens, known);
      conclude = () => {
        // Polls can overlap, and the response to an earlier request can arrive after that to a later one.
        if (resolved.number > (prompt.resolved?.number ?? 0)) succeed(prompt, resolved);
      };
    } catch (error) {
      conclude = () => {
        if (prompt.resolved === known) fail(prompt, error as ScopeError);
      };
    }
    // A separate turn: code that runs now, or only awaits what has been resolved, doesn't see two versions.
    await new Promise((done) => setTimeout(done));
    conclude();
  }

  function succeed(prompt: LivePrompt, resolved: PollResult): void {
    prompt.resolved = resolved;
    prompt.reportedProblems.clear();
    prompt.site.reportedProblems.clear();
    prompt.isStale = false;
    wait(prompt, 1);
    for (const compiled of prompt.compiled) {
      if (resolved.text !== compiled.labelledText) serveVersion(registry.options, prompt, compiled, resolved);
      if (compiled.labelledText === compiled.servedText) compiled.confirmedAt = new Date();
    }
  }

  function fail(prompt: LivePrompt, error: ScopeError): void {
    const { build, site } = prompt;
    const { options } = registry;
    const isDown = isOutage(error);
    const isOfAll = concernsEveryPrompt(error);
    prompt.isStale = true;
    // Each prompt at a different time: when the platform comes back, the polls are spread out.
    wait(prompt, isDown ? 1 + Math.random() * (MAX_WAIT_INTERVALS - 1) : 1);
    const { retryAfter } = error as Partial<RateLimitError>;
    if (retryAfter) {
      const longest = options.retryMaxDelay ?? build.retryMaxDelay;
      queue.pause(Math.min(retryAfter * 1000, longest * 1000, MAX_WAIT_INTERVALS * intervalMs(prompt)));
    }
    if (isOfAll) site.pausedUntilMs = coarseNow() + intervalMs(prompt);
    reportFailure(options, prompt, error, { isDown, isOfAll });
  }

  return {
    add(module) {
      // What is served is frozen, even if it came with the build: others are compared with it.
      freezeJson(module.version);
      const { name, label, build } = module;
      const key = JSON.stringify(build);
      const site = sites.get(key) ?? { pausedUntilMs: 0, reportedProblems: new Set() };
      sites.set(key, site);
      const known = prompts.find(
        (other) => other.site === site && other.name === name && other.label === label,
      );
      const prompt: LivePrompt = known ?? livePrompt(module, site, () => onDue(prompt));
      if (!known) {
        prompts.push(prompt);
        lowestRate = Math.min(lowestRate, build.maxRequestsPerSecond);
      }
      if (addModule(prompt, module)) wait(prompt, 0);
      return prompt;
    },
    configured() {
      for (const site of sites.values()) site.pausedUntilMs = 0;
      // The new options may have fixed what failed.
      for (const prompt of prompts) wait(prompt, prompt.isStale ? 0 : prompt.waitIntervals);
    },
    async refresh(name) {
      const named = prompts.filter((prompt) => name === undefined || prompt.name === name);
      if (!isOff()) {
        // Somebody is waiting: the process runs until the polls are done, though none of their timers keeps it alive.
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

/**
 * Reports why a prompt can't be refreshed, each problem once until a poll succeeds again. An outage takes many forms,
 * which can differ between prompts, and is one problem.
 */
function reportFailure(
  options: LiveConfiguration,
  { name, label, site, compiled, reportedProblems }: LivePrompt,
  error: ScopeError,
  { isDown, isOfAll }: { readonly isDown: boolean; readonly isOfAll: boolean },
): void {
  const problem = isDown ? "outage" : (error.code ?? error.name);
  const isReported = reportedProblems.has(problem) || site.reportedProblems.has(problem);
  reportedProblems.add(problem);
  if (isOfAll || isDown) site.reportedProblems.add(problem);
  if (isReported) return;
  notify(
    options,
    "onError",
    [error, { name, label }],
    `Live prompt "${name}": version ${compiled[0]?.served.versionNumber} stays, because it can't be refreshed. ${error.message.replace(/\w$/, "$&.")} ${error.hint ?? ""}`,
  );
}
