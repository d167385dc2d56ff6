import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadOptions } from "../../src/project/config/load-options.ts";
import { writeSnapshot } from "../../src/project/snapshot/store.ts";
import { updateTypes } from "../../src/project/types/update-types.ts";
import { compile, type TestPrompt } from "../compiler/prompts.ts";
import { createProject, type Project, TYPESCRIPTS } from "./project.ts";
import { TsServer } from "./ts-server.ts";

const USE = `import greeting, { getMetadata, metadata } from "scope:greeting";
import chat, { render } from "scope:support/triage?label=latest";

greeting({ name: metadata.model });
chat({ question: "why?" });
render({ question: "why?" });
getMetadata("model");
`;
const TEXT = "Dear {{name}},\n@everyone: */ is safe, {@link too}.\n```\ncode\n```\n<script>x</script>\nYours";

let project: Project;

async function commit(content: Parameters<typeof compile>[0], options: TestPrompt): Promise<void> {
  const { ref, version } = compile(content, options).source;
  await writeSnapshot(join(project.dir, "scope"), { ref, environment: "production", version });
}

beforeAll(async () => {
  project = await createProject({
    "src/use.ts": USE,
    "package-lock.json": "{}",
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        module: "preserve",
        moduleResolution: "bundler",
        strict: true,
        types: [],
        noEmit: true,
      },
      include: ["src"],
    }),
  });
  await commit(TEXT, { metadata: { model: "m" } });
  await commit([{ role: "system", content: "Help with {{question}}" }], {
    ref: { name: "support/triage", pin: { kind: "label", label: "latest" } },
  });
  await updateTypes(await loadOptions({ cwd: project.dir, env: {} }));
});
afterAll(() => project.remove());

// TypeScript 7 has a language server of another protocol; its `tsc` reads the same declarations.
describe.each(["5.6", "5.9", "6"] as const)("an editor with TypeScript %s", (version) => {
  let server: TsServer;
  let file: string;
  beforeAll(async () => {
    server = new TsServer(TYPESCRIPTS[version]);
    file = join(project.dir, "src/use.ts");
    await server.open(file, USE);
  });
  afterAll(() => server.close());
  const at = (needle: string, offset = 0) => {
    const index = USE.indexOf(needle) + offset;
    const before = USE.slice(0, index).split("\n");
    return { line: before.length, offset: (before.at(-1) as string).length + 1 };
  };

  it("shows the prompt and its pin on hover, and on the specifier", async () => {
    for (const place of [at("greeting,"), at("greeting({"), at('"scope:greeting"')])
      expect(await server.quickInfo(file, place)).toBe("Prompt `greeting`, label `production`");
    for (const place of [at("chat({"), at('"scope:support')])
      expect(await server.quickInfo(file, place)).toBe("Prompt `support/triage`, label `latest`");
  });

  it("shows a readable type of getMetadata", async () => {
    const imported = await server.shownType(file, at("getMetadata, "));
    expect(imported).toContain("getMetadata: UnpluginScopeGetMetadata<{");
    expect(imported).not.toContain("[P in K]");
    expect(await server.shownType(file, at('getMetadata("model")'))).toMatch(/\): string$/m);
  });

  it("opens the snapshot file at the prompt's text on go-to-definition", async () => {
    const greeting = join(project.dir, "scope/greeting@production.json");
    const triage = join(project.dir, "scope/support~2Ftriage@latest.json");
    const found = (needle: string) => server.definition(file, at(needle));
    const text = '  "content": [';
    for (const needle of ["greeting({", "metadata.model"])
      expect(await found(needle)).toEqual([{ file: greeting, text }]);
    for (const needle of ["chat({", "render({"])
      expect(await found(needle)).toEqual([{ file: triage, text }]);
    expect((await found("name: metadata"))[0]?.file).toBe(greeting);
    expect((await found("question:"))[0]?.file).toBe(triage);
  });

  it("completes the names of the variables", async () => {
    expect(await server.completions(file, at("name: metadata"))).toContain("name");
  });

  it.each(["ts", "tsx"])("offers the import of a prompt by its name in .%s", async (ending) => {
    const file = join(project.dir, `src/new-${ending}.${ending}`);
    const text = "const first = 1;\nexport { first };\nsupportT";
    await writeFile(file, text);
    await server.open(file, text);
    const offered = await server.imports(file, { line: 3, offset: 9 });
    expect(offered).toContain("supportTriage scope:support/triage?label=latest");
  });

  it("completes the keys of the metadata", async () => {
    expect(await server.completions(file, at('"model"', 1))).toEqual(["model"]);
  });
});

it("the types are the same bytes with and without the maps, and refer to them by a relative path", async () => {
  const file = join(project.dir, "src/scope-types/greeting.d.ts");
  const before = await readFile(file, "utf8");
  expect(before.trimEnd().split("\n").at(-1)).toBe(
    "//# sourceMappingURL=../../.scope/types/greeting.d.ts.map",
  );
  await rm(join(project.dir, ".scope"), { recursive: true });
  const options = await loadOptions({ cwd: project.dir, env: {} });
  expect(await updateTypes(options)).toMatchObject({ written: false });
  expect(await readFile(file, "utf8")).toBe(before);
  expect(
    JSON.parse(await readFile(join(project.dir, ".scope/types/greeting.d.ts.map"), "utf8")),
  ).toMatchObject({
    file: "../../src/scope-types/greeting.d.ts",
    sources: ["../../scope/greeting@production.json"],
  });
});

it("an editor goes to the types if the maps are missing", async () => {
  await rm(join(project.dir, ".scope"), { recursive: true });
  const server = new TsServer(TYPESCRIPTS[6]);
  try {
    const file = join(project.dir, "src/use.ts");
    await server.open(file, USE);
    const [found] = await server.definition(file, { line: 4, offset: 1 });
    expect(found?.file).toBe(join(project.dir, "src/scope-types/greeting.d.ts"));
  } finally {
    await server.close();
  }
});
