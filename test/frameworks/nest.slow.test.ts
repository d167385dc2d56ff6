import { describe, expect } from "vitest";
import { expectChecked, installed } from "./installed.ts";
import { expectHealthy } from "./starter.ts";

const REGISTER = { NODE_OPTIONS: "--import unplugin-scope/register" };
const GREETED = "Hello Ada, welcome to Looms.";

// A framework that starts Node itself.
describe("NestJS", () => {
  const supports = installed({ title: "NestJS", package: "@nestjs/core", fixture: "nest" });

  supports("init", "prints how the host loads prompts, and writes no config", async (app) => {
    const { changes, manual } = JSON.parse((await app.succeedBin("scope-gen init --yes --json")).stdout);
    expect(JSON.stringify(changes)).not.toContain("config");
    expect(manual[0].code).toContain(`NODE_OPTIONS="${REGISTER.NODE_OPTIONS}"`);
    await app.succeedBin("scope-gen pull");
  });

  supports("types", "right calls pass, a misspelt variable is refused", (app) =>
    expectChecked(app, ["tsc --noEmit"], "src/main.ts", "{ name:"),
  );

  supports("build", "keeps the imports", (app) => app.succeed("npm", ["run", "build"]));

  supports("server", "the output serves", async (app) => {
    const server = await app.serve("node dist/main.js", REGISTER);
    await server.shows("/", GREETED);
    await app.stopServers();
  });

  supports("dev", "the watcher starts it once", async (app) => {
    const server = await app.serve("npx --no-install nest start --watch", REGISTER);
    await server.shows("/", GREETED);
    await new Promise((done) => setTimeout(done, 5_000));
    await server.shows("/", GREETED);
    expect(server.output.match(/successfully started/g), server.output).toHaveLength(1);
    await app.stopServers();
  });

  supports("doctor", "finds nothing wrong", expectHealthy);
});
