import { describe, expect, it, onTestFinished } from "vitest";
import { json, startFaultyPlatform, version } from "../client/faulty-platform.ts";
import { makeApp } from "../support/app.ts";
import { linkPackage, node, succeed } from "../support/run.ts";

describe("two builds at once in one process", () => {
  it.each([
    ["the credentials", '{ orgId, apiKey: "k", apiSecret: "s" }'],
    ["a function", 'Object.assign(async () => ({ apiKey: "k", apiSecret: "s" }), { orgId })'],
    ["getToken()", "{ orgId, getToken: async () => orgId }"],
  ])("with %s of two organisations each get their own prompts", async (_, credentials) => {
    const root = await makeApp({
      ...Object.fromEntries(
        ["alice", "bob"].map((orgId) => [
          `${orgId}.mjs`,
          `const orgId = "${orgId}";\nexport default { credentials: ${credentials} };\n`,
        ]),
      ),
      "src/main.js": 'import a from "scope:a";\nexport default a();\n',
      "build.js": [
        'import { rollup } from "rollup";',
        'import scope from "unplugin-scope/rollup";',
        "const build = async (name) => {",
        '  const plugins = [scope({ config: name + ".mjs" })];',
        '  const bundle = await rollup({ input: "src/main.js", plugins });',
        '  return (await bundle.generate({ format: "esm" })).output[0].code;',
        "};",
        'const codes = await Promise.all([build("alice"), build("bob")]);',
        "console.log(JSON.stringify(codes.map((code) => /Text of \\w+/.exec(code)[0])));",
      ].join("\n"),
    });
    await linkPackage(root);
    // It answers each organisation with a text of its own.
    const platform = await startFaultyPlatform();
    onTestFinished(platform.close);
    platform.login = (response, { body }) =>
      json(response, 200, { access_token: JSON.parse(body).account_id, expires_in: 300 });
    platform.prompt = (response, { headers }) => {
      const org = headers.authorization?.replace("Bearer ", "");
      json(response, 200, version({ id: `version_${org}`, content: `Text of ${org}`, variables: [] }));
    };
    const env = { SCOPE_API_URL: platform.url, SCOPE_AUTH_API_URL: platform.url };
    const ran = await succeed(node(["build.js"], { cwd: root, env }));
    expect(JSON.parse(ran.stdout)).toEqual(["Text of alice", "Text of bob"]);
  });
});
