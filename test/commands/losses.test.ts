import { describe, expect, it, onTestFinished } from "vitest";
import { buildApp, writeTree } from "../support/app.ts";
import { startGateway } from "../support/gateway.ts";
import { linkPackage, node, tsc } from "../support/run.ts";
import { cli, pulledProject } from "./cli-helpers.ts";

const TSCONFIG =
  '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "lib": ["esnext", "dom"], "types": [] }, "include": ["src"] }';
const REPLY = "Reply to {{ticket}} in a {{tone}} tone.";

/** Pulls a first version, and gives the commands of the project. */
async function pulled(
  files: Readonly<Record<string, string>>,
  prompts: Readonly<Record<string, string>> = { "reply/1.md": REPLY },
) {
  const project = await pulledProject({ "tsconfig.json": TSCONFIG, ...files }, prompts);
  const json = async (...argv: string[]) => JSON.parse((await project.run(...argv, "--json")).stdout);
  return { ...project, json };
}

describe("a variable that is gone", () => {
  it("is listed first by pull, with every call that still sends it, in an object of a wider type too", async () => {
    const { prompt, json, run } = await pulled(
      {
        "src/a.ts":
          'import reply from "scope:reply";\nexport const a = reply({ ticket: "t", tone: "kind" });\n',
        "src/wide.ts":
          'import reply from "scope:reply";\nconst row = { ticket: "t", tone: "kind", id: 1 };\nexport const b = reply(row);\n',
        "src/c.js": 'import reply from "scope:reply";\nexport const c = reply({ ticket: 1, tone: 2 });\n',
        "src/other.ts": 'import other from "scope:another";\nexport const d = other();\n',
      },
      { "reply/1.md": REPLY, "another/1.md": "Hi" },
    );
    await prompt("reply/2.md", "In a {{tone}} tone: {ticket}, {{plan}}");
    await prompt("another/2.md", "Hello");
    const check = await json("check");
    const places = ({ calls }: { calls: { file: string; line: number }[] }) =>
      calls.map(({ file, line }) => `${file}:${line}`);
    const ofReply = check.prompts.find(({ name }: { name: string }) => name === "reply");
    expect(places(ofReply)).toEqual(["src/a.ts:2", "src/wide.ts:3"]);
    const text = (await run("pull")).stdout;
    expect(text.indexOf("reply ")).toBeLessThan(text.indexOf("another "));
    expect(text).toMatch(
      /variable "ticket" is gone: \{ticket\} in line 1 is text, write[\s\S]*new variable "plan"/,
    );
    for (const place of ["src/a.ts:2", "src/wide.ts:3", "src/c.js"]) expect(text).toContain(place);
  });

  it("is told apart from one that is only tested now, which every object can still have", async () => {
    const { prompt, json } = await pulled(
      {
        "scope.config.json": '{ "syntax": "mustache" }',
        "src/a.ts":
          'import reply from "scope:reply";\nconst row = { name: "N", id: 1, more: 2 };\nexport const a = reply(row);\n',
      },
      { "reply/1.md": "Hi {{name}}, {{id}} {{more}}" },
    );
    await prompt("reply/2.md", "Hi{{#name}} you{{/name}}, {{more}}");
    const [{ change, calls }] = (await json("check")).prompts;
    expect([change, calls.length]).toEqual(["breaking", 1]);
    expect(calls[0].message).toContain("variable id is gone");
    expect(calls[0].message).not.toContain("variable name is gone");
  });

  it("stops a build, which says both ways out and where it's sent", async () => {
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
});

describe("provides", () => {
  const CONFIG = {
    prompts: { reply: { provides: ["plan", "tone"], variables: { plan: ["free", "paid"] } } },
  };
  const files = (call: string) => ({
    "scope.config.json": JSON.stringify(CONFIG),
    "src/a.ts": `import reply from "scope:reply";\nexport const a = reply(${call});\n`,
    "src/client.ts":
      'import { ScopeClient } from "unplugin-scope/client";\nexport const b = (client: ScopeClient) => client.renderPrompt("reply", { ticket: "t", tone: "kind" });\n',
  });

  it("is required of every call, whether or not the template uses it, and of the client only if it does", async () => {
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
    // The client refuses what the version doesn't use, provided or not.
    const { status, prompts } = await json("check");
    const calls = prompts[0].calls.map(({ file }: { file: string }) => file);
    expect([status, prompts[0].change, calls]).toEqual(["breaking", "compatible", ["src/client.ts"]]);
    await writeTree(root, { "src/client.ts": "" });
    expect((await json("check")).status).toBe("compatible");
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

it("one version that can't be read doesn't hide the others from check and diff", async () => {
  const { root, platform, prompt } = await pulled(
    {
      "src/a.ts":
        'import reply from "scope:reply";\nimport "scope:odd";\nreply({ ticket: "t", tone: "x" });\n',
    },
    { "reply/1.md": REPLY, "odd/1.md": "Odd" },
  );
  const gateway = await startGateway(platform.url, ({ path }) =>
    path.includes("/odd/")
      ? { status: 422, body: { code: "invalid", message: "This draft has no end." } }
      : undefined,
  );
  onTestFinished(() => gateway.close());
  const env = { ...platform.env, SCOPE_API_URL: gateway.url };
  const check = async () => {
    const { code, stdout } = await cli(["check", "--json"], { cwd: root, env });
    const { status, prompts } = JSON.parse(stdout);
    const [odd, reply] = prompts;
    return { code, status, odd: odd.problem?.message, reply: reply.change };
  };
  expect(await check()).toMatchObject({
    code: 1,
    status: "unknown",
    odd: expect.stringContaining("422"),
    reply: "none",
  });
  await prompt("reply/2.md", "Hi {{ticket}} {{tone}}");
  expect(await check()).toMatchObject({ code: 1, status: "unknown", reply: "text" });
  expect((await cli(["diff"], { cwd: root, env })).stdout).toMatch(
    /odd@production[\s\S]*change: not known[\s\S]*reply@production[\s\S]*change: text/,
  );
  await prompt("reply/3.md", "Hi");
  expect(await check()).toMatchObject({ code: 3, status: "breaking", reply: "breaking" });
  expect((await cli(["check"], { cwd: root, env })).stdout).toContain("can't be read: ");
});

describe("an answer without a type", () => {
  const SCHEMA =
    'export const Triage = { "~standard": { version: 1 as const, vendor: "own", validate: (value: unknown) => ({ value: value as { team: string } }) } };\n';
  const files = (answer: string) => ({
    "scope.config.json": JSON.stringify({ prompts: { reply: { answer } } }),
    "src/answers.ts": SCHEMA,
    "src/plain.js": SCHEMA.replaceAll(/ as (const|\{[^}]*\})|: unknown/g, ""),
    "src/a.ts": 'import "scope:reply";\n',
  });

  it.each([
    ["./src/answers.ts#Trige", /"\.\/src\/answers\.ts#Trige"[\s\S]*Did you mean "Triage"\?/],
    ["./src/plain.js#Triage", /"\.\/src\/plain\.js#Triage"[\s\S]*Set allowJs in the tsconfig/],
  ])("%s is an error of types, pull and check", async (answer, message) => {
    const { run, root } = await pulled(files("./src/answers.ts#Triage"));
    await writeTree(root, files(answer));
    for (const command of ["types", "pull", "check"])
      expect(await run(command)).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
  });
});
