/** What builds or runs a project's code: how it's known, and what has to be added for it. */
export interface Tool {
  readonly name: string;
  /** A project that depends on it uses it. */
  readonly package: string;
  /** Name of its config file without extension. A project that has one uses it. */
  readonly config: string;
  /** The entry of this package that it takes; undefined if it takes no plugin. */
  readonly entry?: string;
  /** `init` adds it to the list `plugins` of its config, if that is written out there. Otherwise {@link lines} say how. */
  readonly edit?: boolean;
  /** What to add by hand. */
  readonly lines: string;
  /** The page of the docs about it. */
  readonly page: string;
  /** The package whose `defineConfig` a new config calls, for a tool that also works without a config. */
  readonly creates?: string;
  /** It runs tests, and builds nothing that ships. */
  readonly runsTests?: boolean;
}

function bundler(name: string, given: Partial<Tool> = {}): Tool {
  const own = name.toLowerCase();
  return {
    name,
    package: own,
    config: `${own}.config`,
    entry: `unplugin-scope/${own}`,
    lines: `import scope from "unplugin-scope/${own}";\nplugins: [scope()]`,
    page: "docs/recipes/bundlers.md",
    ...given,
  };
}

/** A framework comes before the bundlers that it contains. */
export const TOOLS: readonly Tool[] = [
  bundler("Next", {
    lines: 'import { withScope } from "unplugin-scope/next";\nexport default withScope(nextConfig);',
    page: "docs/next.md",
  }),
  bundler("Nuxt", { lines: 'modules: ["unplugin-scope/nuxt"]', page: "docs/nuxt.md" }),
  bundler("Vite", { edit: true, creates: "vite" }),
  bundler("Vitest", {
    entry: "unplugin-scope/vite",
    edit: true,
    creates: "vitest/config",
    lines:
      'import scope from "unplugin-scope/vite";\nplugins: [scope()]   // a project of its list has it with extends: true, or its own',
    page: "docs/testing.md#vitest",
    runsTests: true,
  }),
  bundler("Rspack", { package: "@rspack/core" }),
  bundler("webpack"),
  bundler("Rollup"),
  bundler("esbuild"),
  {
    name: "Jest",
    package: "jest",
    config: "jest.config",
    lines:
      'scope-gen emit --out-dir src/prompts   # before each run\nmoduleNameMapper: { ...require("./src/prompts/jest.map.json") }',
    page: "docs/testing.md#jest",
    runsTests: true,
  },
];

/** For a project whose code nothing in the table builds. */
export const WITHOUT_BUNDLER = `# if Node runs the code (unplugin-scope/docs/node.md)
node --import unplugin-scope/register app.js
# another framework: unplugin-scope/docs/frameworks.md
# anything else: unplugin-scope/docs/tools.md`;
