import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Platform, startPlatform } from "../../src/platform/index.ts";
import { BUNDLERS, buildApp, makeApp, outputFile, temporaryFolder, writeTree } from "../support/app.ts";
import { type SamplePrompt, samplePrompts, variableNames } from "../support/hostile-prompts.ts";
import { node, scopeGen, succeed, tsc } from "../support/run.ts";

let prompts: readonly SamplePrompt[];
let platform: Platform;
let root: string;

/** A value that looks like template text, code and markup at once. */
const VALUE = "{{name}}${name}`</script>$&\\";

/** A name as a specifier spells it: an asterisk would be a pattern to TypeScript and is refused raw. */
function specifierKey(name: string): string {
  return encodeURIComponent(name).replaceAll("*", "%2A");
}

beforeAll(async () => {
  prompts = await samplePrompts();
  const dir = await temporaryFolder();
  await writeTree(
    dir,
    Object.fromEntries(prompts.map(({ name, content }) => [`${encodeURIComponent(name)}/1.md`, content])),
  );
  platform = await startPlatform({ dir });
  const imports = prompts.map(
    ({ name }, index) => `import * as p${index} from "scope:${specifierKey(encodeURIComponent(name))}";`,
  );
  const calls = prompts.map(({ content }, index) => {
    const values = variableNames(content).map(
      (name) => `[${JSON.stringify(name)}]: ${JSON.stringify(VALUE)}`,
    );
    return `out.push([p${index}.content, p${index}.render(${values.length > 0 ? `{ ${values.join(", ")} }` : ""})]);`;
  });
  root = await makeApp({
    "src/main.ts": [
      ...imports,
      "const out: [string, string][] = [];",
      ...calls,
      "console.log(JSON.stringify(out));",
    ].join("\n"),
    "tsconfig.json": JSON.stringify({
      compilerOptions: { target: "ES2023", module: "preserve", strict: true, noEmit: true, types: [] },
      include: ["src"],
    }),
  });
  await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
});
afterAll(async () => {
  await platform.close();
  await rm(root, { recursive: true });
});

it("the types of real and hostile prompts compile", async () => {
  await succeed(tsc(["-p", "."], { cwd: root }));
});

it.each(BUNDLERS)("%s: every prompt comes out byte for byte, rendered and verbatim", async (bundler) => {
  await succeed(buildApp(bundler, root, platform.env));
  const ran = await succeed(node([outputFile(bundler, root)], { cwd: root }));
  const printed: [string, string][] = JSON.parse(ran.stdout);
  for (const [index, { name, content }] of prompts.entries()) {
    const rendered = content.replace(/\{\{[\p{L}\p{N}_]+\}\}/gu, () => VALUE);
    expect([name, ...(printed[index] as [string, string])]).toEqual([name, content, rendered]);
  }
});
