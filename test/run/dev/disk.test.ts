import { join } from "node:path";
import { expect, it } from "vitest";
import { replaceFile } from "../../support/app.ts";
import { scopeGen } from "../../support/run.ts";
import { waitFor } from "../../support/wait-for.ts";
import { startDevApp } from "./dev-app.ts";

const DEV = { interval: 0.2 };

it("a process whose config has changed since writes nothing, and says once that it has to be restarted", async () => {
  const config = (prompts: object) => JSON.stringify({ prompts, dev: DEV });
  await using app = await startDevApp({
    prompts: { greeting: "You have {{count}} v1", other: "and {{name}} v1" },
    files: {
      "scope.config.json": config({ greeting: {}, other: {} }),
      "src/main.js":
        'import greeting from "scope:greeting";\nimport other from "scope:other";\nconsole.log(greeting({ count: 1 }), other({ name: "Ada", place: "Rome" }));\n',
    },
  });
  const { platform, root, types } = app;
  const watching = app.watch("esbuild");
  await watching.said(/other@production: version 1 \(new\); wrote|other@production: [^;]*; wrote/);
  await waitFor("the types", async () => (await types("greeting"))?.includes("count: string"));

  await replaceFile(
    join(root, "scope.config.json"),
    config({ greeting: { variables: { count: "number" } }, other: {} }),
  );
  const ran = await scopeGen(["types"], { cwd: root, env: platform.env });
  expect(ran.code, ran.stderr).toBe(0);
  const written = await types("greeting");
  expect(written).toContain("count: number");

  for (const [version, place] of [
    [2, "{{place}}"],
    [3, "{{place}} {{plan}}"],
  ]) {
    await platform.save("other", `and {{name}} of ${place} v${version}`);
    await watching.said(new RegExp(`other@production: version ${Number(version) - 1} → ${version} `));
  }
  expect(await types("greeting")).toBe(written);
  expect(await types("other")).not.toContain("place");
  expect(watching.output).not.toMatch(/→ [23] .*wrote/);
  expect(watching.count(/scope\.config\.json has changed since this process read it.*Restart it/)).toBe(1);

  await watching.stop();
  const restarted = app.watch("esbuild");
  await restarted.said(/other@production: version 1 → 3 .*; wrote snapshot and types/);
  expect(await types("greeting")).toContain("count: number");
});

it("a config that is made meanwhile counts as changed, an .env file doesn't", async () => {
  await using app = await startDevApp({
    prompts: { greeting: "Hello v1" },
    files: {
      ".env": "A=1\n",
      "src/main.js":
        'import greeting from "scope:greeting";\nconsole.log(greeting({ name: "Ada", plan: "Pro" }));\n',
    },
  });
  const { platform, root } = app;
  const watching = app.watch("esbuild");
  await watching.said(/greeting@production: version 1 \(new\); wrote/);
  await replaceFile(join(root, ".env"), "A=2\n");
  await platform.save("greeting", "Hello {{name}} v2");
  await watching.said(/version 1 → 2 .*; wrote/);
  await replaceFile(join(root, "scope.config.json"), "{}");
  await platform.save("greeting", "Hello {{name}}, {{plan}} v3");
  await watching.said(/The config has changed since this process read it/);
  await watching.said(/version 2 → 3 /);
  expect(watching.output).not.toMatch(/→ 3 .*wrote/);
});
