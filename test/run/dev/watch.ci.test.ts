import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replaceFile } from "../../support/app.ts";
import { node } from "../../support/run.ts";
import { waitFor } from "../../support/wait-for.ts";
import { startDevApp } from "./dev-app.ts";

const BUNDLERS = ["rollup", "rolldown", "esbuild", "vite", "webpack", "rspack"] as const;

/** What the output prints; undefined while it does not run. */
async function printed(root: string): Promise<string | undefined> {
  const ran = await node([join(root, "out", "main.mjs")], { cwd: root });
  return ran.code === 0 ? ran.stdout.trim() : undefined;
}

describe.each(BUNDLERS)("%s in watch mode", (bundler) => {
  it("rebuilds when a prompt changes, breaks and is fixed, and when a missing one appears", async () => {
    await using app = await startDevApp({
      files: {
        "src/main.js":
          'import greeting from "scope:greeting";\nimport later from "scope:later";\nconsole.log(greeting({ name: "Ada" }), later());\n',
      },
    });
    const { platform, root } = app;
    const watching = app.watch(bundler, { syntax: "mustache", dev: { interval: 0.25 } });
    const prints = (text: string) =>
      waitFor(`"${text}" from the output`, async () => (await printed(root)) === text, {
        describe: async () => `${await printed(root)}\n${watching.output}`,
      });
    await watching.said(/prompt_not_found/);
    await platform.save("later", "and later v1");
    await prints("Hello Ada v1 and later v1");

    await platform.save("greeting", "Hello {{name}} v2");
    await prints("Hello Ada v2 and later v1");
    await platform.save("later", "and later v2");
    await prints("Hello Ada v2 and later v2");

    await platform.save("greeting", "Hello {{#name}} broken");
    await watching.said(/template_unclosed_section/);
    await platform.save("later", "and later v3");
    await prints("Hello Ada v2 and later v3");
    await platform.save("greeting", "Hello {{name}} mended");
    await prints("Hello Ada mended and later v3");
    expect(watching.output).toContain("listening servers: 0");

    // A problem goes with the import of its prompt, which is not polled any more.
    const mended = () => watching.count(/All prompts work again/);
    const before = mended();
    const reported = watching.count(/prompt_not_found/);
    await platform.remove("later");
    await waitFor("the problem", () => watching.count(/prompt_not_found/) > reported);
    await replaceFile(
      join(root, "src", "main.js"),
      'import greeting from "scope:greeting";\nconsole.log(greeting({ name: "Ada" }));\n',
    );
    await prints("Hello Ada mended");
    await waitFor("no problem", () => mended() > before, { describe: () => watching.output });
    const seen = platform.gateway.polls.length;
    await waitFor("more polls", () => platform.gateway.polls.length >= seen + 5);
    const paths = platform.gateway.polls.slice(seen + 1).map(({ path }) => path);
    expect(paths.filter((path) => path.includes("later"))).toEqual([]);
  });
});
