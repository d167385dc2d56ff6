import { expect, it } from "vitest";
import { buildApp, makeApp } from "../support/app.ts";

const IMPORT = 'import gone from "scope:gone";\n';

it.each(["esbuild", "webpack", "rspack"] as const)(
  "%s: each file that imports the same missing prompt is named in its own error",
  async (bundler) => {
    const root = await makeApp({
      "src/main.ts":
        'import { one } from "./one.ts";\nimport { two } from "./two.ts";\nconsole.log(one, two);\n',
      "src/one.ts": `${IMPORT}export const one = gone();\n`,
      "src/two.ts": `\n\n${IMPORT}export const two = gone();\n`,
      "scope.config.json": '{ "fetch": "never" }',
    });
    const built = await buildApp(bundler, root, {});
    expect(built.code).toBe(1);
    const places = built.stderr.match(/imported in \S+/g);
    expect(places?.toSorted()).toEqual(["imported in src/one.ts:1:18", "imported in src/two.ts:3:18"]);
  },
);
