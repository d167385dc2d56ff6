import type { HotModule } from "../../../src/runtime/hot/vite.ts";

/** The exports of a prompt's module, as its code hands them over; a call has to give each variable. */
export function promptModule(versionNumber: number, variables: readonly string[] = []): HotModule {
  return {
    name: "greeting",
    label: "production",
    versionId: `id-${versionNumber}`,
    versionNumber,
    variables,
    render(given = {}) {
      const values = given as Record<string, unknown>;
      const missing = variables.filter((name) => values[name] === undefined);
      if (missing.length > 0) throw Error(`Prompt "greeting" lacks ${missing.join(", ")}`);
      return [`v${versionNumber}`, ...variables.map((name) => values[name])].join(" ");
    },
    getMetadata: (key, fallback) => (key === "version" ? versionNumber : fallback),
  };
}

/** An importer of one instance of the module: it has what the bindings were set to last. */
export class Importer {
  module: HotModule | undefined;
  readonly set = (next: HotModule): void => {
    this.module = next;
  };
}
