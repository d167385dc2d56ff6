import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeApp } from "../../support/app.ts";
import { DevPlatform } from "../../support/dev-platform.ts";
import { RenderingServer } from "../../support/server-process.ts";

const FILES = {
  "package.json": '{ "type": "module" }',
  "src/text.js": 'export { default as greeting } from "scope:greeting";\n',
  "src/render.js":
    'import { greeting } from "./text.js";\nexport const render = () => greeting({ name: "Ada" });\n',
};

it.each(["ssrLoadModule", "runner", "edge"] as const)(
  "a server that renders with %s returns the new text without a restart",
  async (way) => {
    await using platform = await DevPlatform.start();
    await platform.save("greeting", "Hello {{name}} v1");
    const root = await makeApp(FILES);
    const options = { dev: { interval: 0.25 }, syntax: "mustache" };
    await using server = new RenderingServer(root, platform.env, options, way);
    const gives = (text: string) => server.gives(text);
    await gives("Hello Ada v1");
    const [pid] = (await server.ask()).split(" ");
    for (const version of [2, 3, 4, 5]) {
      await platform.save("greeting", `Hello {{name}} v${version}`);
      await gives(`Hello Ada v${version}`);
    }
    await platform.save("greeting", "Hello {{#name}}");
    await server.said(/template_unclosed_section/);
    await gives("Hello Ada v5");
    await platform.save("greeting", "Hello {{name}} mended");
    await gives("Hello Ada mended");
    expect((await server.ask()).split(" ")[0]).toBe(pid);
    // What a page would need has no place in a server's module.
    const modules = await readdir(join(root, ".scope", "dev-development"));
    expect(modules.filter((name) => name.includes("vite"))).toEqual([]);
  },
);
