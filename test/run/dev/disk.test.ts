import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeApp, replaceFile } from "../../support/app.ts";
import { DevPlatform } from "../../support/dev-platform.ts";
import { ROOT, scopeGen } from "../../support/run.ts";
import { ServerProcess } from "../../support/server-process.ts";
import { waitFor } from "../../support/wait-for.ts";

const LIVE = { interval: 0.2 };

it("a process whose config has changed since writes nothing, and says once that it has to be restarted", async () => {
  await using platform = await DevPlatform.start();
  await platform.save("greeting", "You have {{count}} v1");
  await platform.save("other", "and {{name}} v1");
  const config = (prompts: object) => JSON.stringify({ prompts, live: LIVE });
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    "scope.config.json": config({ greeting: {}, other: {} }),
    "src/main.js":
      'import greeting from "scope:greeting";\nimport other from "scope:other";\nconsole.log(greeting({ count: 1 }), other({ name: "Ada", place: "Rome" }));\n',
  });
  const watch = () =>
    new ServerProcess([join(ROOT, "test", "run", "dev", "watch.js"), "esbuild", root], root, {
      ...platform.env,
      NODE_ENV: "development",
    });
  const types = (name: string) => readFile(join(root, "src", "scope-types", `${name}.d.ts`), "utf8");
  await using watching = watch();
  await watching.said(/other@production: version 1 \(new\); wrote|other@production: [^;]*; wrote/);
  await waitFor("the types", async () => (await types("greeting")).includes("count: string"));

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
  await using restarted = watch();
  await restarted.said(/other@production: version 1 → 3 .*; wrote snapshot and types/);
  expect(await types("greeting")).toContain("count: number");
});

it("a config that is made meanwhile counts as changed, an .env file doesn't", async () => {
  await using platform = await DevPlatform.start();
  await platform.save("greeting", "Hello v1");
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    ".env": "A=1\n",
    "src/main.js":
      'import greeting from "scope:greeting";\nconsole.log(greeting({ name: "Ada", plan: "Pro" }));\n',
  });
  await using watching = new ServerProcess(
    [join(ROOT, "test", "run", "dev", "watch.js"), "esbuild", root],
    root,
    {
      ...platform.env,
      NODE_ENV: "development",
      TEST_PLUGIN_OPTIONS: JSON.stringify({ live: LIVE }),
    },
  );
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
