// Code and prompt change in two steps, while servers run through both.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { testProject } from "../../commands/cli-helpers.ts";
import { writeTree } from "../../support/app.ts";
import { linkPackage, scopeGen, succeed } from "../../support/run.ts";
import { ServerProcess } from "../../support/server-process.ts";
import { waitFor } from "../../support/wait-for.ts";

const server = (values: string) => `
import { createServer } from "node:http";
import { configureLive } from "unplugin-scope/runtime";
import reply, { versionNumber } from "scope:reply?live";
configureLive({ interval: 0.05, maxRequestsPerSecond: 100, onIncompatible: ({ changes }) => console.log("kept: " + changes) });
createServer((_, response) => {
  try {
    response.end(versionNumber + " " + reply(${values}));
  } catch (error) {
    response.writeHead(500).end(error.message);
  }
}).listen(0, "127.0.0.1", function () { console.log("at http://127.0.0.1:" + this.address().port); });
`;

/** Asks a server all the time, as its users do. */
async function deploy(
  root: string,
  env: Readonly<Record<string, string>>,
  values: string,
  sent: readonly string[],
) {
  await writeTree(root, { "src/server.js": server(values) });
  const flags = [
    "--disable-warning=ExperimentalWarning",
    "--import",
    "unplugin-scope/register",
    "src/server.js",
  ];
  const child = new ServerProcess(flags, root, { ...env, NODE_ENV: "production" });
  onTestFinished(() => child.signal("SIGKILL"));
  const [, url = ""] = await child.said(/at (\S+)/);
  let last = "";
  let asked = 0;
  const ask = async () => {
    const response = await fetch(url);
    last = await response.text();
    asked += 1;
    expect([response.status, last]).toEqual([200, last]);
    for (const value of sent) expect(last).toContain(value);
  };
  let failure: unknown;
  const timer = setInterval(() => void ask().catch((error) => (failure ??= error)), 10);
  onTestFinished(() => clearInterval(timer));
  return {
    said: (pattern: RegExp) => child.said(pattern),
    serves: (start: string) => waitFor(start, () => last.startsWith(start), { describe: () => last }),
    async stop(): Promise<void> {
      clearInterval(timer);
      child.signal("SIGTERM");
      if (failure !== undefined) throw failure;
      expect(asked).toBeGreaterThan(10);
    },
  };
}

it("no request fails, and none is rendered without what it was sent", { timeout: 120_000 }, async () => {
  const config = (provides: readonly string[]) =>
    JSON.stringify({ prompts: { reply: { provides } }, dts: false });
  const { root, env, prompt, prompts } = await testProject(
    { "package.json": '{ "type": "module" }', "scope.config.json": config([]) },
    { "reply/1.md": "Re: {{ticket}}, {{tone}}" },
  );
  await linkPackage(root);
  const pull = () => succeed(scopeGen(["pull"], { cwd: root, env }));
  await writeTree(root, { "src/server.js": server("{}") });
  await pull();
  const first = await deploy(root, env, '{ ticket: "T-1", tone: "kindly" }', ["T-1", "kindly"]);
  await first.serves("1 Re:");

  // A removal: the running server keeps its version until code that doesn't send the variable is deployed.
  await prompt("reply/2.md", "Re: {{ticket}}");
  await first.said(/kept: variable "tone" is gone/);
  await pull();
  const second = await deploy(root, env, '{ ticket: "T-1" }', ["T-1"]);
  await second.serves("2 Re: T-1");
  await first.serves("1 Re: T-1, kindly");

  // An addition: code sends what no version uses yet; then the editor uses it.
  await writeTree(root, { "scope.config.json": config(["plan"]) });
  const third = await deploy(root, env, '{ ticket: "T-1", plan: "P-9" }', ["T-1"]);
  await third.serves("2 Re: T-1");
  await prompt("reply/3.md", "Re: {{ticket}} on {{plan}}");
  await third.serves("3 Re: T-1 on P-9");
  await second.said(/kept: new variable "plan"/);
  await second.serves("2 Re: T-1");

  // And out again.
  await prompt("reply/4.md", "Re: {{ticket}}!");
  await third.serves("4 Re: T-1!");
  await second.serves("4 Re: T-1!");
  await prompt("reply/5.md", "Re: {{ticket}} on {{ plan }}");
  await third.said(/kept: variable "plan" isn't used: \{\{ plan \}\} in line 1 is text, write \{\{plan\}\}/);
  await third.serves("4 Re: T-1!");
  for (const one of [first, second, third]) await one.stop();
  await rm(join(prompts, "reply"), { recursive: true });
});
