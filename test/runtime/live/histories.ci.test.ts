import fc from "fast-check";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { isOutage } from "../../../src/errors/classes.ts";
import { configureLive, liveStatus, refreshLive } from "../../../src/runtime/configure-live.ts";
import type { LiveVersion } from "../../../src/runtime/live-registry.ts";
import { type LiveExports, loadLiveModule } from "./emitted-live-module.ts";
import { forgetLiveState } from "./live-server.ts";
import { FAULTS, type Fault, SimulatedPlatform, type SimulatedVersion } from "./simulated-platform.ts";
import { SimulatedTime } from "./simulated-time.ts";
import { compileVersion, expectedRender, keepsContract, VALUES, versions } from "./version-samples.ts";

const INTERVAL_MS = 60_000;
const time = new SimulatedTime();
beforeAll(() => time.install());
afterAll(() => {
  vi.unstubAllGlobals();
});

/** One thing that happens to a running server or to the platform. */
type Event =
  | { readonly kind: "label"; readonly version: number }
  | { readonly kind: "fault"; readonly fault: Fault | undefined }
  | { readonly kind: "latency"; readonly ms: number }
  | { readonly kind: "etags"; readonly are: boolean }
  | { readonly kind: "retry-after"; readonly value: string }
  | { readonly kind: "revoke" }
  | { readonly kind: "jump"; readonly ms: number }
  | { readonly kind: "credentials"; readonly are: boolean }
  | { readonly kind: "refresh" }
  | { readonly kind: "pass"; readonly intervals: number; readonly renders: number };

/** Events of a kind, with these fields. */
const of = <K extends Event["kind"]>(kind: K, fields: object = {}) =>
  fc.record({ kind: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<Event>;
const pass = of("pass", {
  intervals: fc.constantFrom(0.01, 0.5, 1, 1.1, 3, 8),
  renders: fc.integer({ min: 0, max: 4 }),
});
const RETRY_AFTER = ["", "0", "5", "9999999", "soon", "Wed, 21 Oct 2099 07:28:00 GMT"];
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: of("label", { version: fc.nat(4) }) },
  { weight: 6, arbitrary: pass },
  { weight: 2, arbitrary: of("fault", { fault: fc.constantFrom(...FAULTS) }) },
  { weight: 2, arbitrary: of("fault", { fault: fc.constant(undefined) }) },
  { weight: 1, arbitrary: of("latency", { ms: fc.constantFrom(0, 20, 5000, 29_000) }) },
  { weight: 1, arbitrary: of("etags", { are: fc.boolean() }) },
  { weight: 1, arbitrary: of("retry-after", { value: fc.constantFrom(...RETRY_AFTER) }) },
  { weight: 1, arbitrary: of("revoke") },
  { weight: 1, arbitrary: of("jump", { ms: fc.constantFrom(-1e9, -30_000, 30_000, 1e9) }) },
  { weight: 1, arbitrary: of("credentials", { are: fc.boolean() }) },
  { weight: 1, arbitrary: of("refresh") },
);
const histories = fc.record({ versions, events: fc.array(event, { minLength: 3, maxLength: 16 }) });

/** What a hook was given, and how many answers had come until then. */
interface Report {
  readonly kind: "refresh" | "incompatible" | "error";
  readonly text: string;
  readonly answers: number;
}

/** `expect` with its readable difference, where there is one: there are millions of comparisons here. */
function same(actual: unknown, wanted: unknown, what: string): void {
  if (JSON.stringify(actual) !== JSON.stringify(wanted)) expect(actual, what).toEqual(wanted);
}

function pick({ content, metadata, versionId, versionNumber }: LiveVersion) {
  return { content, metadata, versionId, versionNumber };
}

/** All forms of an outage are one problem. */
function faultOf(error: { readonly code: unknown }): string {
  return isOutage(error) ? "outage" : String(error.code);
}

/** A server that runs one live prompt through a history; every step is checked. */
class Server {
  readonly versions: readonly SimulatedVersion[];
  readonly platform: SimulatedPlatform;
  readonly exports: LiveExports;
  readonly #variables: readonly string[];
  readonly #reports: Report[] = [];
  #checkedReports = 0;
  #checkedRequests = 0;
  readonly #held: { readonly version: LiveVersion; readonly rendered: unknown }[] = [];
  #hasJumped = false;

  constructor(made: readonly SimulatedVersion[]) {
    time.reset();
    forgetLiveState();
    this.versions = made;
    const [first] = made as [SimulatedVersion];
    this.platform = new SimulatedPlatform(time, first);
    this.#configure(true);
    const compiled = compileVersion(first);
    this.#variables = compiled.variables;
    this.exports = loadLiveModule(compiled);
  }

  #configure(hasCredentials: boolean): void {
    const report = (kind: Report["kind"]) => (fact: object) =>
      this.#reports.push({
        kind,
        text: "code" in fact ? faultOf(fact) : JSON.stringify(fact),
        answers: this.platform.answered.length,
      });
    configureLive({
      credentials: hasCredentials ? { orgId: "org", apiKey: "key", apiSecret: "secret" } : undefined,
      fetch: this.platform.fetch as typeof fetch,
      onError: report("error"),
      onIncompatible: report("incompatible"),
      onRefresh: report("refresh"),
    });
  }

  async run(happening: Event): Promise<void> {
    const { platform } = this;
    switch (happening.kind) {
      case "label":
        platform.labelled = this.versions[happening.version % this.versions.length] as SimulatedVersion;
        break;
      case "fault":
        platform.fault = happening.fault;
        break;
      case "latency":
        platform.latencyMs = happening.ms;
        break;
      case "etags":
        platform.hasEtags = happening.are;
        break;
      case "retry-after":
        platform.retryAfter = happening.value;
        break;
      case "revoke":
        platform.revokeTokens();
        break;
      case "jump":
        time.jump(happening.ms);
        this.#hasJumped = true;
        break;
      case "credentials":
        this.#configure(happening.are);
        break;
      case "refresh": {
        const both = refreshLive("greeting").then((statuses) => [statuses, liveStatus()]);
        let isDone = false;
        both.then(() => {
          isDone = true;
        });
        for (let i = 0; i < 10 && !isDone; i++) await time.advance(INTERVAL_MS / 2);
        same(isDone, true, "refreshLive ends");
        const [refreshed, then] = await both;
        same(refreshed, then, "refreshLive");
        break;
      }
      case "pass":
        for (let i = 0; i < happening.renders; i++) {
          this.check();
          await time.advance((happening.intervals * INTERVAL_MS) / (happening.renders + 1));
        }
        await time.advance((happening.intervals * INTERVAL_MS) / (happening.renders + 1));
    }
    this.check();
  }

  /** What must hold at every moment. */
  check(): void {
    const { exports, versions: made } = this;
    const [compiled] = made as [SimulatedVersion];
    const served = made.find(({ number }) => number === exports.versionNumber) as SimulatedVersion;
    same(keepsContract(compiled, served), true, "keeps the contract");
    same(exports.render(VALUES), expectedRender(served), "render");
    const { content, metadata, number } = served;
    const version = { content, metadata, versionId: `version_${number}`, versionNumber: number };
    same(pick(exports), version, "exports");
    same(exports.variables, this.#variables, "variables");
    const current = exports.current();
    same(Object.isFrozen(current), true, "frozen");
    same(pick(current), version, "current()");
    for (const held of this.#held) same(held.version.render(VALUES), held.rendered, "a version that is held");
    if (this.#held.at(-1)?.version !== current) {
      this.#held.push({ version: current, rendered: current.render(VALUES) });
    }
    same(time.keepingAlive, 0, "timers that keep the process alive");
    this.#checkServed(served);
    this.#checkRate();
    this.#checkReports();
  }

  /** What the label last pointed at, as far as it was asked, if it keeps the contract; the last such one otherwise. */
  #checkServed(served: SimulatedVersion): void {
    const { answered, underWay } = this.platform;
    const [compiled] = this.versions as [SimulatedVersion];
    if (underWay > 0) return;
    let last: SimulatedVersion = compiled;
    let newest = -1;
    for (const { version, request } of answered) {
      // Polls may overlap, and the answer to an earlier request come after that to a later one.
      if (request < newest) continue;
      newest = request;
      if (keepsContract(compiled, version)) last = version;
    }
    same(served.number, last.number, "served");
  }

  #checkRate(): void {
    const at = this.platform.requestedAtMs;
    for (; this.#checkedRequests < at.length; this.#checkedRequests++) {
      const i = this.#checkedRequests;
      if (i === 0 || this.#hasJumped) continue;
      same((at[i] as number) - (at[i - 1] as number) > 99.9, true, "100 ms between requests");
    }
  }

  /** A problem is reported once until a response comes, an incompatible version once until another is answered. */
  #checkReports(): void {
    const { answered } = this.platform;
    for (; this.#checkedReports < this.#reports.length; this.#checkedReports++) {
      const now = this.#reports[this.#checkedReports] as Report;
      const before = this.#reports.slice(0, this.#checkedReports).findLast(({ text }) => text === now.text);
      if (before === undefined || now.kind === "refresh") continue;
      // Hooks are called a turn after the response, when the next one may have come already.
      const since = Math.max(0, before.answers - 2);
      const between = new Set(answered.slice(since, now.answers).map(({ version }) => version));
      same(between.size > (now.kind === "incompatible" ? 1 : 0), true, `reported again: ${now.text}`);
    }
  }

  /** Everything is fixed: the next poll comes within 4 intervals, and brings what the label points at. */
  async recover(): Promise<void> {
    const { platform } = this;
    this.#configure(true);
    Object.assign(platform, { fault: undefined, latencyMs: 20 });
    const mendedAtMs = time.nowMs;
    for (let i = 0; i < 40; i++) {
      this.check();
      await time.advance(INTERVAL_MS / 10);
    }
    const next = platform.polledAtMs.find((atMs) => atMs >= mendedAtMs) as number;
    expect(next - mendedAtMs).toBeLessThanOrEqual(4 * INTERVAL_MS);
    this.check();
    const [compiled] = this.versions as [SimulatedVersion];
    if (keepsContract(compiled, platform.labelled)) {
      expect(this.exports.versionNumber).toBe(platform.labelled.number);
      const status = platform.labelled === compiled ? "compiled" : "refreshed";
      expect(liveStatus()).toMatchObject([
        { name: "greeting", status, versionNumber: platform.labelled.number },
      ]);
    } else expect(liveStatus()).toMatchObject([{ status: "stale" }]);
  }
}

it("a live prompt serves what its label points at and never breaks, through 10,000 histories of the platform", async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ versions: made, events }) => {
      const server = new Server(made);
      for (const happening of events) await server.run(happening);
      await server.recover();
    }),
    { numRuns: Number(process.env.HISTORIES ?? 10_000) },
  );
}, 600_000);
