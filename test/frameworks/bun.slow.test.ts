import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect } from "vitest";
import { listenInTest } from "../support/listen.ts";
import { testFramework } from "./framework.ts";
import { expectHealthy } from "./starter.ts";

testFramework({
  fixture: "bun",
  title: "Bun",
  package: "bun",
  build: ["bun build.ts"],
  start: "npx --no-install bun dist/server.js",
  dev: "npx --no-install bun --watch src/server.ts",
  typecheck: ["tsc -p ."],
  call: "src/server.ts",
  route: "/topic",
  pluginFile: null,
  also: {
    "bun run": async (app) => {
      const lines = [
        'import topic from "scope:support/topic";',
        'console.log(topic({ topic: "rivers" }));',
        'const { default: greeting } = await import("scope:greeting-template");',
        'console.log(greeting({ name: "Ada", product: "Looms" }));',
      ];
      await app.write("main.ts", lines.join("\n"));
      // Bun then lists the folder of the modules when it has only the first of the two.
      await rm(join(app.root, ".scope", "build-production"), { recursive: true });
      const { stdout } = await app.succeedBin("bun run main.ts");
      expect(stdout).toBe("Explain rivers in one sentence.\nHello Ada, welcome to Looms.\n");
    },
    "two plugins with different options": async (app) => {
      await app.write(
        "twice.ts",
        'import scope from "unplugin-scope/bun";\nconst plugins = [scope({ target: "server" }), scope()];\nawait Bun.build({ entrypoints: ["src/server.ts"], outdir: "twice", target: "bun", plugins });\n',
      );
      const { stdout, stderr } = await app.succeedBin("bun twice.ts");
      expect((stdout + stderr).match(/the plugin twice.*/g)).toEqual([expect.stringContaining("(target)")]);
    },
    "bun test": async (app) => {
      await app.succeedBin("bun test");
    },
    doctor: expectHealthy,
    HTTPS_PROXY: async (app) => {
      const asked: (string | undefined)[] = [];
      const proxy = createServer().on("connect", ({ url }, socket) => {
        asked.push(url);
        socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      });
      const url = "https://scope.invalid";
      const built = await app.bin("bun build.ts", {
        HTTPS_PROXY: await listenInTest(proxy),
        SCOPE_API_URL: url,
        SCOPE_AUTH_API_URL: url,
        SCOPE_FETCH: "always",
      });
      expect(built.stderr).toContain("The Scope platform can't be reached");
      expect(new Set(asked)).toEqual(new Set(["scope.invalid:443"]));
    },
  },
});
