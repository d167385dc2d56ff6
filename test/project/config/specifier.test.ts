import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../src/errors/classes.ts";
import { loadOptions } from "../../../src/project/config/load-options.ts";
import { formatSpecifier, parseSpecifier, resolveSpecifier } from "../../../src/project/config/specifier.ts";
import type { ResolvedOptions } from "../../../src/project/config/types.ts";
import { keySpecifier } from "../../../src/project/types/types-file.ts";
import type { Pin } from "../../../src/prompt.ts";
import { makeApp } from "../../support/app.ts";

function refusal(run: () => unknown): ConfigurationError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

const latest: Pin = { kind: "label", label: "latest" };
const production: Pin = { kind: "label", label: "production" };
const version = (versionId: string): Pin => ({ kind: "version", versionId });

describe("parseSpecifier", () => {
  it.each([
    ["scope:welcome", "welcome", undefined, false],
    ["scope:support/triage", "support/triage", undefined, false],
    ["scope:support%2Ftriage", "support/triage", undefined, false],
    ["scope:a%2Fb%3Fc%26d", "a/b?c&d", undefined, false],
    ["scope:名前", "名前", undefined, false],
    ["scope:%E5%90%8D?label=latest", "名", latest, false],
    ["scope:a?label=production&live", "a", production, true],
    ["scope:a?live&label=production", "a", production, true],
    ["scope:a?live=", "a", undefined, true],
    ["scope:a?version=version_01", "a", version("version_01"), false],
    ["scope:a?version=a%26b", "a", version("a&b"), false],
    ["scope:a?", "a", undefined, false],
    ["scope:p%2A", "p*", undefined, false],
    ["scope:__proto__", "__proto__", undefined, false],
    ["scope:a+b#c", "a+b#c", undefined, false],
  ])("%s", (text, key, pin, live) => {
    expect(parseSpecifier(text)).toEqual({ key, pin, live });
  });

  // biome-ignore format: one row a line
  it.each([
    ["welcome", `The import "welcome" can't be read. It doesn't start with "scope:".`, undefined],
    ["scope:", `The import "scope:" can't be read. It doesn't name a prompt.`, 'For example "scope:welcome-email".'],
    ["scope:?live", `The import "scope:?live" can't be read. It doesn't name a prompt.`, 'For example "scope:welcome-email".'],
    ["scope:..", `The import "scope:.." can't be read. ".." isn't a prompt name.`, undefined],
    ["scope:50%", `The import "scope:50%" can't be read. "50%" isn't percent-encoded UTF-8.`, "Write a percent sign as %25."],
    ["scope:a?lable=latest", `The import "scope:a?lable=latest" can't be read. Unknown query parameter "lable".`, 'Did you mean "label"?'],
    ["scope:a?raw", `The import "scope:a?raw" can't be read. Unknown query parameter "raw".`, "The parameters are label, version and live."],
    [
      "scope:a?label=latest&version=v",
      `The import "scope:a?label=latest&version=v" can't be read. It has both label and version.`,
      "Keep the one that you need.",
    ],
    ["scope:a?label=latest&label=latest", `The import "scope:a?label=latest&label=latest" can't be read. It has "label" twice.`, undefined],
    ["scope:a?version=", `The import "scope:a?version=" can't be read. Its version isn't a version ID.`, undefined],
    [
      "scope:a?version=production",
      `The import "scope:a?version=production" can't be read. "production" is a label, not a version ID.`,
      "Write ?label=production.",
    ],
    ["scope:a?version=lates%74", `The import "scope:a?version=lates%74" can't be read. "latest" is a label, not a version ID.`, "Write ?label=latest."],
    ["scope:p*", `The import "scope:p*" can't be read. TypeScript would read the asterisk as a pattern.`, "Write it as %2A."],
    ["scope:a?version=v&live", `The import "scope:a?version=v&live" can't be read. A version never changes, so it can't be live.`, "Leave out one of the two."],
    ["scope:a?live=true", `The import "scope:a?live=true" can't be read. "live" doesn't take a value.`, 'Write just "live".'],
  ])("refuses %s", (text, message, hint) => {
    expect(refusal(() => parseSpecifier(text))).toMatchObject({
      code: "build_unknown_specifier",
      message,
      hint,
    });
  });

  it.each([
    ["scope:a?label=lastest", 'Did you mean "latest"?'],
    ["scope:a?label=staging", "The labels are production and latest."],
    ["scope:a?label", "The labels are production and latest."],
  ])("refuses the label of %s", (text, hint) => {
    expect(refusal(() => parseSpecifier(text))).toMatchObject({ code: "label_invalid", hint });
  });

  it("parses every specifier it writes", () => {
    const pin = fc.oneof(
      fc.constant(undefined),
      fc.constant(latest),
      fc.string({ minLength: 1, unit: "grapheme" }).map(version),
    );
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), pin, fc.boolean(), (key, pin, live) => {
        const dots = [key, pin?.kind === "version" ? pin.versionId : ""];
        fc.pre(!dots.includes(".") && !dots.includes(".."));
        const isLive = live && pin?.kind !== "version";
        const text = formatSpecifier(key, pin, isLive);
        expect(parseSpecifier(text)).toEqual({ key, pin, live: isLive });
        expect(text).not.toMatch(/[\s"'`\\*]/);
      }),
    );
  });
});

it("a config key has a specifier without an asterisk, which would declare more than that", () => {
  expect(keySpecifier("p*?*")).toBe("scope:p%2A%3F%2A");
  expect(parseSpecifier(keySpecifier("p*?*")).key).toBe("p*?*");
});

describe("resolveSpecifier", () => {
  let options: ResolvedOptions;
  beforeAll(async () => {
    const config = {
      label: "production",
      prompts: {
        greeting: { prompt: "greeting-template", label: "latest", variables: { tone: ["formal"] } },
        legal: { version: "version_01" },
        chained: { prompt: "greeting" },
        "a%2Fb": { label: "latest" },
        fresh: { live: true },
        must: { syntax: "mustache" },
      },
    };
    const cwd = await makeApp({ "scope.config.json": JSON.stringify(config) });
    options = await loadOptions({ cwd, env: {} });
  });
  const resolve = (text: string) => resolveSpecifier(text, options);

  it("a key that isn't an alias is a prompt name or ID, pinned by the config's label", () => {
    expect(resolve("scope:other")).toEqual({
      specifier: "scope:other",
      key: "other",
      ref: { name: "other", pin: production },
      syntax: "scope",
      live: false,
      variables: {},
      provides: [],
      clientBundle: "warn",
      budget: undefined,
    });
  });

  // biome-ignore format: one row a line
  it.each<[what: string, text: string, resolved: object]>([
    ["an alias decides name, pin and variables", "scope:greeting", { key: "greeting", ref: { name: "greeting-template", pin: latest }, variables: { tone: ["formal"] } }],
    ["an alias can decide the pin alone", "scope:legal", { ref: { name: "legal", pin: version("version_01") } }],
    ["an alias is resolved once", "scope:chained", { ref: { name: "greeting", pin: production } }],
    ["an entry applies only to its key", "scope:greeting-template", { ref: { name: "greeting-template", pin: production } }],
    ["names in the config are literal", "scope:a%252Fb", { key: "a%2Fb", ref: { name: "a%2Fb", pin: latest }, specifier: "scope:a%252Fb" }],
    ["names in the config aren't decoded", "scope:a%2Fb", { key: "a/b", ref: { name: "a/b", pin: production } }],
    ["a query's label overrides the entry's", "scope:greeting?label=production", { ref: { name: "greeting-template", pin: production } }],
    ["a query's label overrides the entry's version", "scope:legal?label=latest", { ref: { name: "legal", pin: latest } }],
    ["a query's version overrides the entry's label", "scope:greeting?version=v2", { ref: { name: "greeting-template", pin: version("v2") } }],
  ])("%s: %s", (_, text, resolved) => {
    expect(resolve(text)).toMatchObject(resolved);
  });

  it.each([
    ["scope:x?label=production", "scope:x"],
    ["scope:x?", "scope:x"],
    ["scope:x?live&label=latest", "scope:x?label=latest&live"],
    ["scope:greeting?label=latest", "scope:greeting"],
    ["scope:greeting?label=production", "scope:greeting?label=production"],
    ["scope:support%2Ftriage", "scope:support/triage"],
    ["scope:fresh?live", "scope:fresh"],
  ])("%s is the module %s", (spelled, normal) => {
    expect(resolve(spelled).specifier).toBe(normal);
  });

  it("live comes from the query or the entry, and never together with a version", () => {
    expect(resolve("scope:x?live").live).toBe(true);
    expect(resolve("scope:fresh").live).toBe(true);
    expect(resolve("scope:fresh?version=v").live).toBe(false);
    expect(refusal(() => resolve("scope:legal?live")).message).toContain('pins "legal" to a version');
    expect(refusal(() => resolve("scope:must?live")).message).toContain("can't be in mustache syntax");
    expect(resolve("scope:legal?label=latest&live").live).toBe(true);
  });
});
