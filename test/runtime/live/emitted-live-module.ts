import { emitHelper, emitLiveModule } from "../../../src/compiler/3-emit/emit-module.ts";
import type { CompiledPrompt } from "../../../src/compiler/compiled-prompt.ts";
import { DEFAULT_ROLES } from "../../../src/prompt.ts";
import { due, live } from "../../../src/runtime/live/live-client.ts";
import type { LiveBuild, LiveVersion } from "../../../src/runtime/live-registry.ts";

/** The exports of a live module, as an importer sees them at each moment. */
export interface LiveExports extends LiveVersion {
  readonly default: LiveVersion["render"];
  readonly variables: readonly string[];
  readonly promptId: string;
  readonly getMetadata: (key: string, fallback?: unknown) => unknown;
  readonly current: () => LiveVersion;
}

export const liveBuild: LiveBuild = {
  interval: 60,
  maxRequestsPerSecond: 10,
  baseUrl: "https://platform.test",
  authApiUrl: "https://login.test",
  apiVersion: "v1",
  environment: "production",
  timeout: 30,
  tokenRefreshBuffer: 60,
  retryMaxDelay: 30,
  maxBodyBytes: 1_000_000,
  allowInsecure: false,
  roles: DEFAULT_ROLES,
};

const helper = evaluate(emitHelper({ development: true }), {});

/** Runs the code that a build emits for a live prompt, thousands of times in one process. */
export function loadLiveModule(compiled: CompiledPrompt, build: LiveBuild = liveBuild): LiveExports {
  const files = { helper: "./helper.js", client: "./live.js", config: "./config.js" };
  const code = emitLiveModule(compiled, { development: false, ...files });
  return evaluate(code, {
    ...helper,
    due,
    live,
    build,
  }) as unknown as LiveExports;
}

/** An ES module's code as a function; its live bindings become getters. */
function evaluate(code: string, imported: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const exported: string[] = [];
  const body = code
    .replace(/^import .*$/gm, "")
    .replace(/^export \{ (.*) \};$/gm, (_, names: string) => {
      for (const one of names.split(", ")) {
        const [local, name = local] = one.split(" as ");
        exported.push(`get ${name}() { return ${local}; }`);
      }
      return "";
    })
    .replace(/^export (const|let) ([\w$]+)/gm, (_, kind: string, name: string) => {
      exported.push(`get ${name}() { return ${name}; }`);
      return `${kind} ${name}`;
    });
  const run = new Function(
    ...Object.keys(imported),
    `"use strict";${body}\nreturn { ${exported.join(", ")} };`,
  );
  return run(...Object.values(imported));
}
