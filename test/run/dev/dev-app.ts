import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeApp } from "../../support/app.ts";
import { DevPlatform } from "../../support/dev-platform.ts";
import { ROOT } from "../../support/run.ts";
import { RenderingServer, ServerProcess } from "../../support/server-process.ts";

export const RENDER =
  'import greeting from "scope:greeting";\nexport const render = () => greeting({ name: "Ada" });\n';

interface Given {
  readonly prompts?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** An app that renders prompts of a platform which a test edits, and its servers, which end with it. */
export async function startDevApp({ prompts = { greeting: "Hello {{name}} v1" }, files = {} }: Given = {}) {
  const root = await makeApp({ "package.json": '{ "type": "module" }', "src/render.js": RENDER, ...files });
  const platform = await DevPlatform.start();
  for (const [name, text] of Object.entries(prompts)) await platform.save(name, text);
  const servers: ServerProcess[] = [];
  const started = <T extends ServerProcess>(server: T): T => {
    servers.push(server);
    return server;
  };
  return {
    platform,
    root,
    /** @param dev the option of that name; polls every 0.2 s by default */
    serve: (
      dev: object | false = {},
      options: object = {},
      env: Readonly<Record<string, string>> = platform.env,
    ) => started(new RenderingServer(root, env, { ...options, dev: dev && { interval: 0.2, ...dev } })),
    /** A bundler that watches `src/main.js`. */
    watch: (bundler: string, options?: object) =>
      started(
        new ServerProcess([join(ROOT, "test", "run", "dev", "watch.js"), bundler, root], root, {
          ...platform.env,
          NODE_ENV: bundler === "esbuild" ? "development" : undefined,
          TEST_PLUGIN_OPTIONS: options && JSON.stringify(options),
        }),
      ),
    /** The declaration of a prompt. */
    types: (name = "greeting") =>
      readFile(join(root, "src", "scope-types", `${name}.d.ts`), "utf8").catch(() => undefined),
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server.stop()));
      await platform.close();
    },
  };
}
