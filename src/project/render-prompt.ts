import { emitHelper, emitRender } from "../compiler/3-emit/emit-module.ts";
import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";
import type { PromptContent, PromptVersionData } from "../prompt.ts";
import { compileRequest } from "./compile-request.ts";
import { formatSpecifier, parseSpecifier, resolveSpecifier } from "./config/specifier.ts";
import type { Project } from "./project.ts";
import type { Reporter } from "./reporter.ts";
import { findVersion, isVersionNumber } from "./versions/find-version.ts";
import { PolicySource, type ResolvedVersion } from "./versions/source.ts";

/** The version of a prompt that the fetch policy gives, compiled. A version number is looked up, wherever it is. */
export async function promptToRender(project: Project, specifier: string, reporter: Reporter) {
  const { options } = project;
  const { key, pin } = parseSpecifier(specifier);
  const policy = new PolicySource(project, reporter);
  let request = resolveSpecifier(specifier, options);
  let version: PromptVersionData;
  let source: ResolvedVersion["source"];
  if (pin?.kind === "version" && isVersionNumber(pin.versionId)) {
    const found = await findVersion(project, request.ref.name, pin.versionId);
    ({ version, source } = found);
    const byId = formatSpecifier(key, { kind: "version", versionId: version.id }, false);
    request = resolveSpecifier(byId, options);
  } else ({ version, source } = await policy.get(request.ref));
  const compiled = await compileRequest(request, options, version);
  return { request, version, source, compiled };
}

/** What a module's `render` makes of some values. */
export type Render = (values: unknown) => PromptContent;

/** The function that the module of a build has, from the same code. A module would stay in the process for good. */
export async function loadRender(compiled: CompiledPrompt): Promise<Render> {
  const code = encodeURIComponent(emitHelper({ development: false }));
  const all: Readonly<Record<string, unknown>> = await import(
    /* @vite-ignore */ `data:text/javascript,${code}`
  );
  const { body, helpers } = emitRender(compiled);
  const make = new Function(...helpers, `"use strict"; const render = (v) => ${body};\nreturn render;`);
  return make(...helpers.map((name) => all[name]));
}
