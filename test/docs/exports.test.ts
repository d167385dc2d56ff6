// The scripts of the recipe that takes prompts out of another service, as the page shows them. The services' clients are fakes
// of the calls that the scripts make.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeApp } from "../support/app.ts";
import { node, ROOT } from "../support/run.ts";
import { readPage } from "./blocks.ts";

const PAGE = "docs/recipes/migrate.md";

/** Both have the prompts that `names.json` names. */
const LANGFUSE = `import { readFileSync } from "node:fs";
const names = JSON.parse(readFileSync("names.json", "utf8"));
export class LangfuseClient {
  api = {
    prompts: {
      list: async () => ({ data: names.map((name) => ({ name })), meta: { totalPages: 1 } }),
      get: async (name) => ({ name, type: "text", prompt: "Hello {{name}}", config: { model: "small-1" } }),
    },
  };
}
`;
const LANGSMITH = `import { readFileSync } from "node:fs";
const names = JSON.parse(readFileSync("names.json", "utf8"));
export class Client {
  async *listPrompts() {
    for (const repo_handle of names) yield { repo_handle };
  }
  async pullPromptCommit() {
    return { manifest: { kwargs: { template: "Hello {name}", template_format: "f-string" } } };
  }
}
`;

describe.each([
  ["export-langfuse.js", "@langfuse/client", LANGFUSE],
  ["export-langsmith.js", "langsmith", LANGSMITH],
])("%s", (file, client, text) => {
  let folder: string;
  let root: string;
  beforeEach(async () => {
    const { blocks } = readPage(PAGE, await readFile(join(ROOT, PAGE), "utf8"));
    const script = blocks.find((block) => block.text.startsWith(`// ${file}\n`))?.text ?? "";
    folder = await makeApp({
      "app/package.json": '{ "type": "module" }',
      "app/export.js": script,
      [`app/node_modules/${client}/package.json`]: '{ "type": "module", "exports": "./index.js" }',
      [`app/node_modules/${client}/index.js`]: text,
    });
    root = join(folder, "app");
    await mkdir(join(root, "prompts"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const exportNames = async (...names: string[]) => {
    await writeFile(join(root, "names.json"), JSON.stringify(names));
    return node(["export.js"], { cwd: root });
  };

  it("writes each prompt as its version 1", async () => {
    expect(await exportNames("greeting", "support/Triage of mails")).toMatchObject({ code: 0 });
    for (const name of ["greeting", "support/Triage of mails"])
      expect(await readFile(join(root, "prompts", name, "1.md"), "utf8")).toBe("Hello {{name}}");
  });

  it.each(["../outside", "a/../../../outside", "..", "/outside", "a//b", "a\\..\\..\\outside", ""])(
    "refuses the name %j",
    async (name) => {
      const { code, stderr } = await exportNames(name);
      expect(code).toBe(1);
      expect(stderr).toContain(`${JSON.stringify(name)} cannot be the path of a folder.`);
      expect((await readdir(folder)).sort()).toEqual(["app", "package-lock.json"]);
      expect(await readdir(join(root, "prompts"))).toEqual([]);
    },
  );
});
