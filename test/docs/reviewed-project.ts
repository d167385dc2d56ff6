import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect } from "vitest";
import { makeApp } from "../support/app.ts";
import { DevPlatform } from "../support/dev-platform.ts";
import { linkPackage, scopeGen } from "../support/run.ts";

/** The one prompt of the project. Its committed version is "Hello {{name}}.". */
export const PROMPT = "greeting-template";

interface ReviewedProject {
  readonly platform: DevPlatform;
  readonly root: string;
}

/** Gives each test of a file a project in reviewed mode, whose one call is in `src/main.ts`. */
export function useReviewedProject(): () => ReviewedProject {
  let project: ReviewedProject;
  beforeEach(async () => {
    const platform = await DevPlatform.start();
    await platform.save(PROMPT, "Hello {{name}}.");
    const root = await makeApp({
      "package.json": '{ "type": "module" }',
      "scope.config.json": '{ "fetch": "never" }',
      "tsconfig.json":
        '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "types": [] } }',
      "src/main.ts": `import greeting from "scope:${PROMPT}";\n\nexport const text = greeting({ name: "Ada" });\n`,
      ".gitignore": "node_modules\n.scope\n",
    });
    project = { platform, root };
    await linkPackage(root);
    expect(await scopeGen(["pull"], { cwd: root, env: platform.env })).toMatchObject({ code: 0 });
  });
  afterEach(async () => {
    await project.platform.close();
    await rm(project.root, { recursive: true, force: true });
  });
  return () => project;
}
