import { freezeJson } from "../../client/api/decode-version.ts";
import { createFetchTransport } from "../../client/http/fetch-transport.ts";
import { processEnv } from "../../environment.ts";
import { concernsEveryPrompt, isOutage, type RateLimitError } from "../../errors/classes.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import type { LiveConfiguration, LiveEngine, LiveRegistry, LiveStatus } from "../live-registry.ts";
import { notify, serveVersion } from "./adopt-version.ts";
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
import { pollVersion, resolveSettings, type SenderFor, tokensOf } from "./poll-version.ts";

/** The next poll comes after this many intervals at the latest, even if one never ends. Less than the 4 promised. */
const MAX_WAIT_INTERVALS = 3.5;
const ASKS_AGAIN_MS = 1000;

/** The live prompts of a process: when to poll, and what to do with the result. */
export class PollingEngine implements LiveEngine {
  readonly #registry: LiveRegistry;
  readonly #prompts: LivePrompt[] = [];
  readonly #sites = new Map<string, Site>();
  #lowestRate = Infinity;
  #awaited = 0;
  #requests = 0;
  readonly #queue = createPollQueue<LivePrompt>(
    (prompt) => this.#poll(prompt),
    (prompt) => MAX_WAIT_INTERVALS * this.#intervalMs(prompt),
    () => this.#registry.options.maxRequestsPerSecond ?? this.#lowestRate,
    () => this.#awaited > 0,
  );
  readonly #transport = createFetchTransport(async (...given) =>
    (this.#registry.options.fetch ?? fetch)(...given),
  );
  /** One attempt for each request, limited by its time-out; the next poll is the retry. */
  readonly #senderFor: SenderFor = ({ timeout, maxBodyBytes }, onSend) => ({
    transport: this.#transport,
    timeout,
    maxBodyBytes,
    deadline: Infinity,
    clock: () => performance.now(),
    watch: async (_, run) => {
      await this.#queue.slot();
      this.#requests += 1;
      onSend?.(this.#requests);
      return run();
    },
  });

  constructor(registry: LiveRegistry) {
    this.#registry = registry;
  }

  add(module: LivePromptModule): LivePrompt {
    // What is served is frozen, even if it came with the build: others are compared with it.
    freezeJson(module.version);
    const { name, label, build } = module;
    const key = JSON.stringify(build);
    const site = this.#sites.get(key) ?? { pausedUntilMs: 0, reportedProblems: new Set() };
    this.#sites.set(key, site);
    const known = this.#prompts.find(
      (other) => other.site === site && other.name === name && other.label === label,
    );
    const prompt: LivePrompt = known ?? livePrompt(module, site, () => this.#onDue(prompt));
    if (!known) {
      this.#prompts.push(prompt);
      this.#lowestRate = Math.min(this.#lowestRate, build.maxRequestsPerSecond);
    }
    if (addModule(prompt, module)) this.#wait(prompt, 0);
    return prompt;
  }

  configured(): void {
    for (const site of this.#sites.values()) site.pausedUntilMs = 0;
    // The new options may have fixed what failed.
    for (const prompt of this.#prompts) this.#wait(prompt, prompt.isStale ? 0 : prompt.waitIntervals);
  }

  async refresh(name: string | undefined): Promise<readonly LiveStatus[]> {
    const named = this.#prompts.filter((prompt) => name === undefined || prompt.name === name);
    if (!isOff()) {
      // Somebody is waiting: the process runs until the polls are done, though none of their timers keeps it alive.
      const keepAlive = setInterval(() => {}, 60_000);
      this.#awaited += 1;
      await Promise.all(named.map(this.#queue.add));
      this.#awaited -= 1;
      clearInterval(keepAlive);
    }
    return named.flatMap(statusOf);
  }

  status(): readonly LiveStatus[] {
    return this.#prompts.flatMap(statusOf);
  }

  #intervalMs({ build }: LivePrompt): number {
    return (this.#registry.options.interval ?? build.interval) * 1000;
  }

  #wait(prompt: LivePrompt, intervals: number): void {
    prompt.waitIntervals = intervals;
    prompt.waitMs = intervals * this.#intervalMs(prompt);
  }

  #onDue(prompt: LivePrompt): void {
    prompt.polledAtMs = coarseNow();
    this.#wait(prompt, 1);
    if (isOff()) return;
    const pausedMs = prompt.site.pausedUntilMs - coarseNow();
    if (pausedMs > 0 && pausedMs <= prompt.waitMs) {
      prompt.isStale = true;
      prompt.waitMs = pausedMs;
      return;
    }
    // Until its turn has come each render asks again, which is what moves the queue.
    prompt.waitMs = Math.min(prompt.waitMs, ASKS_AGAIN_MS);
    notify(this.#registry.options, "waitUntil", [this.#queue.add(prompt)]);
  }

  async #poll(prompt: LivePrompt): Promise<void> {
    const { name, label, resolved: known } = prompt;
    let conclude: () => void;
    prompt.polledAtMs = coarseNow();
    this.#wait(prompt, MAX_WAIT_INTERVALS);
    try {
      const settings = resolveSettings(prompt.build, this.#registry.options, processEnv());
      const tokens = tokensOf(
        prompt.site,
        settings,
        this.#senderFor,
        () => MAX_WAIT_INTERVALS * this.#intervalMs(prompt),
      );
      const ref = { name, pin: { kind: "label", label } } as const;
      const resolved = await pollVersion(ref, settings, this.#senderFor, tokens, known);
      conclude = () => {
        // Polls can overlap, and the response to an earlier request can arrive after that to a later one.
        if (resolved.number > (prompt.resolved?.number ?? 0)) this.#succeed(prompt, resolved);
      };
    } catch (error) {
      conclude = () => {
        if (prompt.resolved === known) this.#fail(prompt, error as ScopeError);
      };
    }
    // A separate turn: code that runs now, or only awaits what has been resolved, doesn't see two versions.
    await new Promise((done) => setTimeout(done));
    conclude();
  }

  #succeed(prompt: LivePrompt, resolved: PollResult): void {
    prompt.resolved = resolved;
    prompt.reportedProblems.clear();
    prompt.site.reportedProblems.clear();
    prompt.isStale = false;
    this.#wait(prompt, 1);
    for (const compiled of prompt.compiled) {
      if (resolved.text !== compiled.labelledText)
        serveVersion(this.#registry.options, prompt, compiled, resolved);
      if (compiled.labelledText === compiled.servedText) compiled.confirmedAt = new Date();
    }
  }

  #fail(prompt: LivePrompt, error: ScopeError): void {
    const { build, site } = prompt;
    const { options } = this.#registry;
    const isDown = isOutage(error);
    const isOfAll = concernsEveryPrompt(error);
    prompt.isStale = true;
    // Each prompt at a different time: when the platform comes back, the polls are spread out.
    this.#wait(prompt, isDown ? 1 + Math.random() * (MAX_WAIT_INTERVALS - 1) : 1);
    const { retryAfter } = error as Partial<RateLimitError>;
    if (retryAfter) {
      const longest = options.retryMaxDelay ?? build.retryMaxDelay;
      this.#queue.pause(
        Math.min(retryAfter * 1000, longest * 1000, MAX_WAIT_INTERVALS * this.#intervalMs(prompt)),
      );
    }
    if (isOfAll) site.pausedUntilMs = coarseNow() + this.#intervalMs(prompt);
    reportFailure(options, prompt, error, { isDown, isOfAll });
  }
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

/** Polls under way at once: a platform that hangs must not collect all prompts' requests. */
const MAX_AT_ONCE = 16;
/** For this long after the last call, waiting polls get their turn without another call; after that, with the next. */
const GOES_ON_MS = 2000;

/**
 * Runs polls in the order they were requested, within the rate. No timer keeps the queue going: it moves when a poll is
 * requested and when one ends, so nothing is lost if timers end with the request that set them (edge runtimes), and a
 * process that has finished, or no longer renders, makes no requests.
 *
 * @param poll one poll; never rejects
 * @param lostAfterMs a poll that hasn't ended after this long no longer counts
 * @param rate requests per second
 * @param isAwaited somebody is waiting for the polls to finish
 */
function createPollQueue<T>(
  poll: (item: T) => Promise<void>,
  lostAfterMs: (item: T) => number,
  rate: () => number,
  isAwaited: () => boolean,
) {
  const waiting = new Map<T, { readonly promise: Promise<void>; readonly resolve: () => void }>();
  /** How long each poll under way counts. */
  const underWay = new Map<T, number>();
  let askedAtMs = 0;
  let freeAtMs = 0;
  let longestPauseMs = 0;

  function begin(): void {
    const nowMs = performance.now();
    for (const [item, untilMs] of underWay) if (untilMs < nowMs) underWay.delete(item);
    for (const [item, { resolve }] of waiting) {
      if (underWay.size >= MAX_AT_ONCE || (nowMs - askedAtMs > GOES_ON_MS && !isAwaited())) return;
      waiting.delete(item);
      underWay.set(item, nowMs + lostAfterMs(item));
      poll(item).then(() => {
        underWay.delete(item);
        resolve();
        begin();
      });
    }
  }

  function pause(ms: number): void {
    const leftMs = freeAtMs - performance.now();
    // A longer pause that is under way stays, unless the clock was set back.
    if (ms > leftMs || leftMs > longestPauseMs) {
      freeAtMs += ms - leftMs;
      longestPauseMs = ms;
    }
  }

  return {
    /** A poll that begins after this call; resolves when it has ended. */
    add(item: T): Promise<void> {
      let entry = waiting.get(item);
      if (!entry) {
        let resolve!: () => void;
        entry = {
          promise: new Promise((done) => {
            resolve = done;
          }),
          resolve,
        };
        waiting.set(item, entry);
      }
      askedAtMs = performance.now();
      begin();
      return entry.promise;
    },
    /** Resolves when one more request keeps within the rate. */
    async slot(): Promise<void> {
      for (;;) {
        const leftMs = freeAtMs - performance.now();
        // Otherwise a clock that was set back would stop everything until it has caught up.
        if (leftMs <= 0 || leftMs > longestPauseMs) break;
        // Some runtimes return a number, which keeps nothing alive.
        await new Promise((done) => (setTimeout(done, leftMs) as { unref?: () => void }).unref?.());
      }
      pause(1000 / rate());
    },
    pause,
  };
}
