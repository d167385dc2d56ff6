import { describe, expect, it } from "vitest";
import { buildApp, writeTree } from "../support/app.ts";
import { linkPackage, node, tsc } from "../support/run.ts";
import { pulledProject } from "./cli-helpers.ts";

const TSCONFIG =
  '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "lib": ["esnext", "dom"], "types": [] }, "include": ["src"] }';

/** Pulls a first version, and gives the commands of the project. */
async function pulled(files: Readonly<Record<string, string>>) {
  const prompts = { "reply/1.md": "Reply to {{ticket}} in a {{tone}} tone." };
  const project = await pulledProject({ "tsconfig.json": TSCONFIG, ...files }, prompts);
  const json = async (...argv: string[]) => JSON.parse((await project.run(...argv, "--json")).stdout);
  return { ...project, json };
}

it("a variable that is gone stops a build, which says both ways out and where it's sent", async () => {
  const { root, env, prompt } = await pulled({
    "src/a.ts":
      'import reply from "scope:reply";\n\nconsole.log(reply({\n  ticket: "t",\n  tone: "kind",\n}));\n',
  });
  await prompt("reply/2.md", "In a {{tone}} tone.");
  const built = await buildApp("esbuild", root, env, "src/a.ts");
  expect(built.code).toBe(1);
  expect(built.stderr).toContain("If that isn't meant, write {{ticket}}. If it is: npx scope-gen pull");
  expect(built.stderr).toContain(
    "stop sending it at src/a.ts:4, deploy; until then SCOPE_FETCH=never ships version 1",
  );
});

describe("provides", () => {
  const CONFIG = {
    prompts: { reply: { provides: ["plan", "tone"], variables: { plan: ["free", "paid"] } } },
  };
  const files = (call: string) => ({
    "scope.config.json": JSON.stringify(CONFIG),
    "src/a.ts": `import reply from "scope:reply";\nexport const a = reply(${call});\n`,
  });

  it("is required of every call, whether or not the template uses it", async () => {
    const { root, json, prompt, run } = await pulled(files('{ ticket: "t", tone: "kind", plan: "paid" }'));
    await linkPackage(root);
    expect(await tsc(["-p", "."], { cwd: root })).toMatchObject({ code: 0, stdout: "" });
    await writeTree(root, files('{ ticket: "t", tone: "kind" }'));
    expect((await tsc(["-p", "."], { cwd: root })).stdout).toContain("Property 'plan' is missing");
    await writeTree(root, files('{ ticket: "t", tone: "kind", plan: "new" }'));
    expect((await tsc(["-p", "."], { cwd: root })).stdout).toContain('"free" | "paid"');
    await writeTree(root, files('{ ticket: "t", tone: "kind", plan: "paid" }'));
    expect((await run("check")).stdout).toContain(
      'every committed version uses "tone": take it out of provides',
    );
    await prompt("reply/2.md", "Reply to {{ticket}} for {{plan}}.");
    const { status, prompts } = await json("check");
    expect([status, prompts[0].change, prompts[0].calls]).toEqual(["compatible", "compatible", []]);
    expect((await run("pull")).code).toBe(0);
    expect((await run("check")).code).toBe(0);
    expect(
      (await run("render", "reply", "--var", "ticket=t", "--var", "plan=p", "--var", "tone=x")).stderr,
    ).toBe("");
  });

  it("is warned about in development where a call doesn't give it", async () => {
    const { root } = await pulled({
      ...files("{}"),
      "src/run.js":
        'import reply from "scope:reply";\nreply({ ticket: 1, tone: 2, more: 3 });\nreply({ ticket: 1, tone: 2, plan: 3 });\n',
    });
    await linkPackage(root);
    const flags = ["--disable-warning=ExperimentalWarning", "--import", "unplugin-scope/register"];
    const ran = await node([...flags, "src/run.js"], { cwd: root, env: { NODE_ENV: "development" } });
    expect(ran.stderr.trim().split("\n")).toEqual([
      '[unplugin-scope] Prompt "reply" has no variable "more". Its variables: ticket, tone.',
      '[unplugin-scope] Prompt "reply" wasn\'t given "plan". The config says that every call provides it.',
    ]);
  });
});
