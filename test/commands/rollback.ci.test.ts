import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { buildApp, outputFile } from "../support/app.ts";
import { linkPackage, node, scopeGen, tsc } from "../support/run.ts";
import { testProject } from "./cli-helpers.ts";
import { commitAll, git } from "./git-repository.ts";

const MAIN = `import hi from "scope:hi";\nconsole.log(hi({ who: "you" }));\n`;
const CONFIG = `import { defineConfig } from "unplugin-scope";

export default defineConfig({
  // Nothing is built that nobody reviewed.
  fetch: "never",
});
`;
const TSCONFIG = {
  include: ["src", "scope.config.ts"],
  compilerOptions: { module: "nodenext", strict: true, noEmit: true, skipLibCheck: true, types: [] },
};

it("rollback: a revert and a pin return to the previous commit's version without a platform; unpin and pull undo it", async () => {
  const { root, prompts, platform, prompt } = await testProject(
    {
      "src/main.ts": MAIN,
      "scope.config.ts": CONFIG,
      "package.json": '{ "type": "module" }',
      "tsconfig.json": JSON.stringify(TSCONFIG),
      ".gitignore": "node_modules\nout\n",
    },
    { "hi/1.md": "Hi {{who}}, one." },
  );
  await linkPackage(root);
  const scope = async (...args: string[]) => {
    const ran = await scopeGen(args, { cwd: root, env: { ...platform.env, SCOPE_FETCH: undefined } });
    expect(ran, `${args.join(" ")}: ${ran.stderr}`).toMatchObject({ code: 0 });
    return ran;
  };
  const builtText = async () => {
    const built = await buildApp("vite", root, {});
    expect(built, built.stderr).toMatchObject({ code: 0 });
    expect((await tsc([], { cwd: root })).stdout).toBe("");
    return (await node([outputFile("vite", root)], { cwd: root })).stdout.trim();
  };
  await scope("pull", "--fetch", "auto");
  await commitAll(root, "Take version 1");
  await prompt("hi/2.md", "Hi {{who}}, two.");
  await scope("pull", "--fetch", "auto");
  await commitAll(root, "Take version 2");
  expect(await builtText()).toBe("Hi you, two.");

  await platform.close();
  await git(root, "revert", "--no-edit", "HEAD");
  const pinned = await scope("pin", "hi", "--yes");
  expect(pinned.stderr).toContain("scope.config.ts: the pin of hi");
  expect(pinned.stderr).toMatch(/^\+ {2}prompts: \{$/m);
  expect(pinned.stdout).toMatch(
    /^hi is pinned to version 1\.\nwritten {2}scope\.config\.ts\nwritten {2}scope\/hi@version-1\.json\nwritten {2}src\/scope-types\n\nThen: npx scope-gen check\n$/,
  );
  expect(await builtText()).toBe("Hi you, one.");
  expect((await scopeGen(["check"], { cwd: root })).code).toBe(0);
  await commitAll(root, "Go back to version 1");

  const unpinned = await scope("unpin", "hi", "--yes");
  expect(unpinned.stdout).toContain("hi follows the label production, for which version 1 is committed.\n");
  expect(await readFile(join(root, "scope.config.ts"), "utf8")).toBe(CONFIG);

  await using again = await startPlatform({ dir: prompts });
  await prompt("hi/3.md", "Hi {{who}}, three.");
  expect((await scopeGen(["pull", "--fetch", "auto", "--prune"], { cwd: root, env: again.env })).code).toBe(
    0,
  );
  expect(await builtText()).toBe("Hi you, three.");
  expect(await git(root, "status", "--short")).toMatch(
    /^ M scope\.config\.ts\n M scope\/hi@production\.json\n D scope\/hi@version-1\.json\n M src\/scope-types\/hi\.d\.ts\n/,
  );
}, 120_000);
