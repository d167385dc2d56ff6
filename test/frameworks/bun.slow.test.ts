import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { testFramework } from "./framework.ts";

testFramework({
  fixture: "bun",
  title: "Bun",
  package: "bun",
  build: ["bun build.ts"],
  start: "npx --no-install bun dist/server.js",
  dev: "npx --no-install bun --hot src/server.ts",
  typecheck: ["tsc -p ."],
  call: { file: "src/server.ts", text: "greeting({ name:" },
  page: "/",
  route: "/topic",
  also: {
    "bun run": async (app) => {
      const code = 'import topic from "scope:support/topic";\nconsole.log(topic({ topic: "rivers" }));\n';
      await app.write("main.ts", code);
      expect((await app.succeedBin("bun run main.ts")).stdout).toBe("Explain rivers in one sentence.\n");
    },
    "bun test": async (app) => {
      await app.succeedBin("bun test");
    },
    // Bun lists a folder once: what was written into it for the second prompt was not found in 1 build of 25.
    "50 cold builds": async (app, platform) => {
      await platform.save("answer", "Answer {{question}}.");
      const schema = { type: "object", properties: { answer: { type: "string" } } };
      await platform.settings("answer", { versions: { 1: { metadata: { output_schema: schema } } } });
      const server = await app.read("src/server.ts");
      await app.write("src/server.ts", `export { output } from "scope:answer";\n${server}`);
      for (let built = 0; built < 50; built++) {
        for (const output of [".scope", "dist"]) await rm(join(app.root, output), { recursive: true });
        await app.succeedBin("bun build.ts");
      }
    },
  },
});
