import { readFile } from "node:fs/promises";
import { afterAll, expect, it } from "vitest";
import { buildApp, makeApp, outputFile } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";
import { linkPackage, scopeGen, succeed } from "../support/run.ts";

const platform = await servePrompts({
  "text/1.md":
    'Hi {{name}}: `tick`, ${x}, \\back\\, "quotes", </script>, {{ near }}, {{1st}} and \u2028 a line.\r\nEnd 👩‍👩‍👧 {{name}}\n',
  "text/prompt.json":
    '{ "versions": { "1": { "metadata": { "model": "m", "temperature": 0.2, "stop": ["a"] } } } }',
  "chat/1.json": JSON.stringify([
    { role: "system", content: "Be {{tone}}." },
    { role: "human", content: "{{ticket}}" },
  ]),
  "list/1.md":
    "{{! a comment }}{{#items}}- {{title}}\n{{/items}}{{^items}}none{{/items}}{{=<% %>=}}<% sum %>",
  "plain/1.md": "No variables.",
  "a/b/1.md": "In a folder: {{constructor}} {{__proto__}}",
});
afterAll(() => platform.close());

/** A change of what stays shows here as other bytes. */
it.each(["vite", "rollup", "webpack", "esbuild"] as const)(
  "%s writes the recorded bytes, from the platform and from the snapshot alike",
  async (bundler) => {
    const root = await makeApp({
      "package.json": '{ "type": "module" }',
      "scope.config.json":
        '{ "prompts": { "list": { "syntax": "mustache" }, "chat": { "provides": ["tone"] }, "text": {} } }',
      "src/main.ts": [
        'import list from "scope:list";',
        'import chat, { attributes, cachePrefix, content, variables } from "scope:chat";',
        'import text, { getMetadata, label, metadata, name, promptId, type, versionId, versionNumber } from "scope:text";',
        'import plain from "scope:plain";',
        'import inFolder from "scope:a/b?label=latest";',
        "const facts = [attributes, cachePrefix, content, variables, getMetadata('model'), label, metadata];",
        "const ids = [name, promptId, type, versionId, versionNumber];",
        "console.log(list({ items: [{ title: 'a' }], sum: 1 }), chat({ tone: 'kind', ticket: '{{tone}}' }));",
        "console.log(text({ name: 'Ada', '1st': 1 }), plain(), inFolder({ constructor: 1, ['__proto__']: 2 }));",
        "console.log(facts, ids);",
      ].join("\n"),
    });
    await linkPackage(root);
    const bytes = async (env: Readonly<Record<string, string | undefined>>) => {
      await succeed(buildApp(bundler, root, env));
      return readFile(outputFile(bundler, root), "utf8");
    };
    const fetched = await bytes(platform.env);
    await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
    await expect(fetched).toMatchFileSnapshot(`frozen/${bundler}.js.txt`);
    expect(await bytes({ ...platform.env, SCOPE_FETCH: "never" })).toBe(fetched);
  },
);
