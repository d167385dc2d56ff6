import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeApp } from "../../support/app.ts";
import { DevPlatform } from "../../support/dev-platform.ts";
import { ROOT } from "../../support/run.ts";
import { ServerProcess } from "../../support/server-process.ts";
import { waitFor } from "../../support/wait-for.ts";

const FILES = {
  "package.json": '{ "type": "module" }',
  "src/text.js": 'export { default as greeting } from "scope:greeting";\n',
  "src/render.js":
    'import { greeting } from "./text.js";\nexport const render = () => greeting({ name: "Ada" });\n',
};

it.each(["ssrLoadModule", "runner", "edge"])(
  "a server that renders with %s returns the new text without a restart",
  async (way) => {
    const platform = await DevPlatform.start();
    await platform.save("greeting", "Hello {{name}} v1");
    const root = await makeApp(FILES);
    const server = new ServerProcess([join(ROOT, "test", "build", "dev", "ssr-server.js"), root, way], root, {
      ...platform.env,
      TEST_PLUGIN_OPTIONS: JSON.stringify({ live: { interval: 0.25 }, syntax: "mustache" }),
    });
    try {
      const [, url] = await server.said(/ready (\S+)/);
      const ask = async () => (await fetch(url as string)).text();
      const gives = (text: string) =>
        waitFor(`"${text}"`, async () => (await ask()).endsWith(text), {
          describe: async () => `${await ask()}\n${server.output}`,
        });
      await gives("Hello Ada v1");
      const [pid] = (await ask()).split(" ");
      for (const version of [2, 3, 4, 5]) {
        await platform.save("greeting", `Hello {{name}} v${version}`);
        await gives(`Hello Ada v${version}`);
      }
      await platform.save("greeting", "Hello {{#name}}");
      await server.said(/template_unclosed_section/);
      await gives("Hello Ada v5");
      await platform.save("greeting", "Hello {{name}} mended");
      await gives("Hello Ada mended");
      expect((await ask()).split(" ")[0]).toBe(pid);
      // What a page would need has no place in a server's module.
      const modules = await readdir(join(root, ".scope", "dev-development"));
      expect(modules.filter((name) => name.includes("vite"))).toEqual([]);
    } finally {
      await server.stop();
      await platform.close();
    }
  },
);
