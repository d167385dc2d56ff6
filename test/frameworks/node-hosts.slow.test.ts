import { describe, expect } from "vitest";
import type { Application } from "./application.ts";
import { expectChecked, installed, PAGE_PROMPT, type Tool } from "./installed.ts";
import { expectBuilt } from "./starter.ts";

const REGISTER = "--import unplugin-scope/register";
const CALL = "{ name:";

// create-hono's template for Node: `tsc` without `include`, tsx and plain Node.
describe("Hono on Node", () => {
  const supports = installed({ title: "Hono on Node", package: "hono", fixture: "hono-node" });
  const serves = async (app: Application, line: string, text: string) => {
    const server = await app.serve(line);
    await server.shows("/", text);
    return server;
  };

  supports("init", "leaves the output of tsc where it was", async (app) => {
    const { changes } = JSON.parse((await app.succeedBin("scope-gen init --yes --json")).stdout);
    expect(JSON.stringify(changes)).not.toContain("scope.config");
    await app.succeedBin("scope-gen pull");
    await app.succeed("npm", ["run", "build"]);
    await app.read("dist/index.js");
  });

  supports("types", "right calls pass, a misspelt variable is refused", (app) =>
    expectChecked(app, ["tsc --noEmit"], "src/index.ts", CALL),
  );

  supports("server", "the output serves", async (app) => {
    await serves(app, `node ${REGISTER} dist/index.js`, "Hello Ada, welcome to Looms.");
    await app.stopServers();
  });

  supports("dev", "a pull restarts tsx watch", async (app, platform) => {
    const line = `npx tsx watch --include scope/** ${REGISTER} src/index.ts`;
    const server = await serves(app, line, "Hello Ada, welcome to Looms.");
    await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
    await app.succeedBin("scope-gen pull");
    await server.shows("/", "Good morning Ada, this is Looms.");
    await app.stopServers();
  });

  supports("doctor", "knows what has run", expectBuilt);
});

interface NodeHost {
  readonly tool: Tool;
  readonly dev: string;
  readonly isBuilt?: boolean;
  /** Undefined: the output of its build is a package of its own, which needs a copy of the snapshot. */
  readonly start?: string;
  readonly call?: readonly [file: string, text: string];
  /** Default "/". */
  readonly path?: string;
}

// Frameworks that start Node themselves.
// biome-ignore format: one row a line
describe.each<NodeHost>([
  { tool: { title: "NestJS", package: "@nestjs/core", fixture: "nest" }, isBuilt: true, start: "node dist/main.js", dev: "npx --no-install nest start --watch", call: ["src/main.ts", CALL] },
  {
    tool: { title: "fastify-cli", package: "fastify-cli", fixture: "fastify" },
    start: "npx --no-install fastify start --port PORT app.js",
    dev: "npx --no-install fastify start -w -l info --port PORT app.js",
  },
  {
    tool: {
      title: "AdonisJS",
      package: "@adonisjs/core",
      fixture: "adonis",
      env: { APP_KEY: "k".repeat(32), LOG_LEVEL: "info", NODE_ENV: "development" },
    },
    isBuilt: true,
    start: "node build/bin/server.js",
    dev: "node ace serve --hmr",
    call: ["app/controllers/greet_controller.ts", CALL],
  },
  { tool: { title: "Mastra", package: "mastra", fixture: "mastra", bringsNode: true }, dev: "npx --no-install mastra dev", path: "/hello", call: ["src/mastra/index.ts", CALL] },
])("$tool.title", ({ tool, isBuilt, start, dev, call, path = "/" }) => {
  const supports = installed(tool);
  const env = { NODE_OPTIONS: REGISTER };
  const text = "Hello Ada, welcome to Looms.";

  supports("init", "prints how the host loads prompts, and writes no config", async (app) => {
    const { changes, manual } = JSON.parse((await app.succeedBin("scope-gen init --yes --json")).stdout);
    expect(JSON.stringify(changes)).not.toContain("config");
    expect(manual[0].code).toContain(`NODE_OPTIONS="${REGISTER}"`);
    await app.succeedBin("scope-gen pull");
  });

  if (call)
    supports("types", "right calls pass, a misspelt variable is refused", (app) =>
      expectChecked(app, ["tsc --noEmit"], ...call),
    );

  if (isBuilt) supports("build", "keeps the imports", (app) => app.succeed("npm", ["run", "build"]));

  if (start)
    supports("server", "the output serves", async (app) => {
      const server = await app.serve(start, env);
      await server.shows("/", text);
      await app.stopServers();
    });

  supports("dev", "the watcher starts it once", async (app) => {
    const server = await app.serve(dev, env);
    await server.shows(path, text);
    await new Promise((done) => setTimeout(done, 5_000));
    await server.shows(path, text);
    expect(
      server.output.match(/Server listening|successfully started|started HTTP server|API: +http/g),
      server.output,
    ).toHaveLength(1);
    await app.stopServers();
  });

  supports("doctor", "knows what has run", expectBuilt);
});

describe("Trigger.dev", () => {
  const supports = installed({ title: "Trigger.dev", package: "trigger.dev", fixture: "trigger" });

  supports("types", "right calls pass, a misspelt variable is refused", async (app) => {
    await app.succeedBin("scope-gen init --yes --json");
    await app.succeedBin("scope-gen pull");
    await expectChecked(app, ["tsc"], "src/hello.ts", CALL);
  });

  supports("build", "its own loader and bundler take the plugin", async (app) => {
    await app.write("package-lock.json", "{}"); // it asks for one
    await app.succeed("node", ["build.mjs"]);
    expect(await app.read("out/src/hello.mjs")).toContain("welcome to ");
  });

  supports("manifest", "names the prompt", async (app) => {
    expect(await app.manifestNames()).toEqual([PAGE_PROMPT]);
  });

  supports("doctor", "knows what has run", expectBuilt);
});
