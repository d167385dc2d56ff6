import { createHash } from "node:crypto";
import mustache from "mustache";
import helperTemplate from "../../../templates/helper.mustache?raw";
import liveTemplate from "../../../templates/live-module.mustache?raw";
import moduleTemplate from "../../../templates/module.mustache?raw";
import hotTemplate from "../../../templates/module-hot.mustache?raw";
import type { JsonObject } from "../../prompt.ts";
import { cachePrefix } from "../../template/cache-prefix.ts";
import type { TemplatePart } from "../../template/parse-scope.ts";
import { type CompiledPrompt, partsOf } from "../compiled-prompt.ts";
import { emitMustache, INHERITED_NAMES, type RenderCode, resultCode } from "./emit-mustache.ts";
import { jsonLiteral, propertyAccess, stringLiteral, templateLiteral } from "./escape-js.ts";

export interface ModuleOptions {
  /** Warn about unknown variables and freeze the metadata. What runs in production runs in development. */
  readonly development: boolean;
  /** Import path of the helper module, such as `./scope-runtime.js`. */
  readonly helper: string;
}

/**
 * The code of a prompt's module: plain ESM, each export a separate binding without side effects, so that a bundler
 * keeps only what is used.
 *
 * @example emitModule(compilePrompt(source), { development: false, helper: "./scope-runtime.js" })
 */
export function emitModule(compiled: CompiledPrompt, options: ModuleOptions): string {
  return fillTemplate(moduleTemplate, moduleView(compiled, options));
}

/** The code of the helper module, which emitted modules import. It imports nothing. */
export function emitHelper({ development }: Pick<ModuleOptions, "development">): string {
  return fillTemplate(helperTemplate, { development });
}

/** The parts of a module as code, whatever form the module then takes. */
function moduleView(
  compiled: CompiledPrompt,
  { development, helper }: ModuleOptions,
  more: readonly string[] = [],
) {
  const { ref, version } = compiled.source;
  const render = emitRender(compiled);
  const hasParameter = compiled.parameter !== undefined;
  const isConstant = !hasParameter && compiled.source.syntax === "scope" && rendersStoredRoles(compiled);
  // Some mustache prompts take a list or a value as their parameter, and its keys aren't variable names.
  const hasNames = compiled.parameter === undefined || compiled.parameter.kind === "object";
  const prefix = cachePrefix(partsOf(compiled));
  const frozen = (code: string) => (development ? `/* @__PURE__ */ freeze(${code})` : code);
  const ofDevelopment = development ? (hasNames ? ["freeze", "unknown"] : ["freeze"]) : [];
  const helpers = [...new Set([...render.helpers, ...ofDevelopment, ...more])].sort();
  return {
    development,
    hasHelpers: helpers.length > 0,
    helpers: helpers.join(", "),
    helperFile: stringLiteral(helper),
    hasNames,
    // In development, a value for a prompt without variables deserves a warning.
    parameter: hasParameter || development ? "v" : "",
    body: render.body,
    // Without variables it's what render returns, and doesn't need to be there twice.
    content: isConstant && !development ? "/* @__PURE__ */ render()" : frozen(contentCode(compiled)),
    variables: jsonLiteral(compiled.variables),
    cachePrefix: prefix === undefined ? "undefined" : jsonLiteral({ ...prefix }),
    provides: compiled.source.provides.length > 0 ? jsonLiteral(compiled.source.provides) : undefined,
    metadata: frozen(jsonLiteral(version.metadata)),
    name: stringLiteral(ref.name),
    label: ref.pin.kind === "label" ? stringLiteral(ref.pin.label) : "undefined",
    promptId: stringLiteral(version.promptId),
    versionId: stringLiteral(version.id),
    versionNumber: jsonLiteral(version.versionNumber),
    type: stringLiteral(version.type),
    attributes: jsonLiteral(attributesOf(compiled)),
  };
}

/** A live version can use what is provided, whether or not the compiled one does. */
function adoptedHelpers(provides: readonly string[]): readonly string[] {
  if (provides.length === 0) return [];
  return provides.some((name) => INHERITED_NAMES.has(name)) ? ["missing", "onlyOwn", "own"] : ["missing"];
}

/** The code of `render` alone, whatever form the module then takes. */
export function emitRender({ source, bodies, contract, parameter }: CompiledPrompt): RenderCode {
  if (source.syntax === "mustache") {
    const nodes = bodies.map((body) => (body.syntax === "mustache" ? body.nodes : []));
    const isObject = parameter === undefined || parameter.kind === "object";
    return emitMustache(nodes, contract.roles, isObject);
  }
  const parts = bodies.map((body) => (body.syntax === "scope" ? body.parts : []));
  return emitScope(parts, contract.roles, source.ref.name);
}

function contentCode({ source }: CompiledPrompt): string {
  const { content } = source.version;
  const texts = typeof content === "string" ? [content] : content.map((message) => message.content);
  return resultCode(
    texts.map((text) => templateLiteral([{ text }])),
    typeof content === "string" ? null : content.map(({ role }) => role),
  );
}

function rendersStoredRoles({ source: { version }, contract: { roles } }: CompiledPrompt): boolean {
  const { content } = version;
  return typeof content === "string" || content.every(({ role }, index) => role === roles?.[index]);
}

/**
 * The code of `render` for the `scope` syntax: a template literal per template. A variable's first use checks that it
 * has a value; the check passes `render` itself to the helper, which then finds out what else is missing. The very
 * first check catches a missing parameter, and is the one that passes the prompt's name.
 *
 * @param roles of a chat prompt's messages; `null` for a text prompt
 */
function emitScope(
  bodies: readonly (readonly TemplatePart[])[],
  roles: readonly string[] | null,
  prompt: string,
): RenderCode {
  const checked = new Set<string>();
  // If one of the names is inherited, the helper must check own properties as well.
  const hasInherited = bodies
    .flat()
    .some((part) => part.kind === "variable" && INHERITED_NAMES.has(part.name));
  const checkedValue = (name: string): string => {
    // Once checked it's an own property, inherited or not.
    if (checked.has(name)) return `v${propertyAccess(name)}`;
    const isFirst = checked.size === 0;
    checked.add(name);
    const value = INHERITED_NAMES.has(name)
      ? `own(v, ${stringLiteral(name)})`
      : `v${propertyAccess(name, isFirst ? "?." : ".")}`;
    const values = hasInherited ? "onlyOwn(v)" : "v";
    return `${value} ?? missing(render, ${values}${isFirst ? `, ${stringLiteral(prompt)}` : ""})`;
  };
  const texts = bodies.map((parts) =>
    templateLiteral(parts.map((part) => (part.kind === "text" ? part : { code: checkedValue(part.name) }))),
  );
  const helpers = checked.size === 0 ? [] : hasInherited ? ["missing", "onlyOwn", "own"] : ["missing"];
  return { body: resultCode(texts, roles), helpers };
}

// Our own writer: the package's shared one keeps every template that it has seen.
const writer = new mustache.Writer();
const config = { escape: String };

/** Fills one of the outlines in `templates/`. Values are code, and are inserted as they are. */
export function fillTemplate(template: string, view: Readonly<Record<string, unknown>>): string {
  return writer.render(template, view, undefined, config);
}

/**
 * Attributes of a span or a log line: `scope.prompt.*`, which Scope's own traces use to find a prompt, and the two from
 * OpenTelemetry's conventions for generative AI (https://github.com/open-telemetry/semantic-conventions-genai), where a
 * version is text.
 */
export function attributesOf({ source: { ref, version, environment } }: CompiledPrompt) {
  const { promptId, id, versionNumber } = version;
  return {
    "gen_ai.prompt.name": ref.name,
    "gen_ai.prompt.version": String(versionNumber),
    "scope.prompt.name": ref.name,
    "scope.prompt.id": promptId,
    "scope.prompt.version": versionNumber,
    "scope.prompt.version_id": id,
    // An attribute of undefined isn't valid, and some exporters warn about it.
    ...(ref.pin.kind === "label" && { "scope.prompt.label": ref.pin.label }),
    "scope.prompt.environment": environment,
  };
}

const NAMES =
  "render, content, variables, cachePrefix, metadata, getMetadata, name, label, promptId, versionId, versionNumber, type, attributes";

/**
 * The code of a prompt's module for a page that a dev server updates: the exports of `emitModule`, each a binding that
 * a later version of the module sets again.
 *
 * @example emitHotModule(compiled, { helper: "./helper.js" })
 */
export function emitHotModule(compiled: CompiledPrompt, options: Omit<ModuleOptions, "development">): string {
  const view = moduleView(compiled, { development: true, ...options });
  return fillTemplate(hotTemplate, { ...view, names: NAMES, stamp: stringLiteral(stampOf(view)) });
}

/** Identifies one text of a module: a page uses it to notice that it runs the same again. */
function stampOf(view: object): string {
  return createHash("sha256").update(JSON.stringify(view)).digest("base64url").slice(0, 16);
}

export interface LiveModuleOptions extends ModuleOptions {
  readonly client: string;
  /** Import path of what {@link emitLiveConfig} returns. */
  readonly config: string;
}

/**
 * The code of a live prompt's module: the exports of `emitModule`, which change together when the live client adopts
 * another version, and `current()`, one version for as long as you hold it.
 *
 * @example
 * const files = { helper: "./helper.js", client: "./live.js", config: "./live-config.js" };
 * emitLiveModule(compiled, { development: false, ...files });
 */
export function emitLiveModule(
  compiled: CompiledPrompt,
  { client, config, ...options }: LiveModuleOptions,
): string {
  const { provides, metadataRule } = compiled.source;
  return fillTemplate(liveTemplate, {
    ...moduleView(compiled, options, adoptedHelpers(provides)),
    clientFile: stringLiteral(client),
    configFile: stringLiteral(config),
    metadataRule: metadataRule && jsonLiteral({ ...metadataRule }),
  });
}

const CURRENT = `
// Where a dev server reloads modules a live prompt is refreshed as every other is: with its module.
export const current = () => Object.freeze({ render, content, cachePrefix, metadata, attributes, versionId, versionNumber });
`;

/** The code of another form of module, with the additional export of live prompts. */
export function withCurrent(code: string): string {
  return code + CURRENT;
}

/** The module that a build leaves for its live prompts: where and how often to poll. Never a secret. */
export function emitLiveConfig(values: JsonObject): string {
  return `/* eslint-disable */
// Generated by unplugin-scope. Not meant to be edited: the next build writes it again.
export default ${jsonLiteral(values)};
`;
}
