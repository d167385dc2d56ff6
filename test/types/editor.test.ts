import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emitTypes, type TypesEntry } from "../../src/compiler/3-emit/types/emit-types.ts";
import { formatSnapshot } from "../../src/snapshot/format.ts";
import { snapshotPlaces } from "../../src/snapshot/places.ts";
import { snapshotFile } from "../../src/snapshot/snapshot-file.ts";
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
const TEXT = "Dear {{name}},\n@everyone: */ is safe, {@link too}.\n```\ncode\n```\n<script>x</script>";

let project: Project;

async function entry(
  specifier: string,
  content: Parameters<typeof compile>[0],
  options: TestPrompt,
): Promise<TypesEntry> {
  const compiled = compile(content, options);
  const { ref, version } = compiled.source;
  const file = await snapshotFile("scope", ref);
  const text = formatSnapshot({ ref, environment: "production", version });
  await mkdir(dirname(join(project.dir, file)), { recursive: true });
  await writeFile(join(project.dir, file), text);
  const places = snapshotPlaces(compiled.source, compiled.variables);
  return { specifier, compiled, snapshotFile: `../${file}`, places };
}

beforeAll(async () => {
  project = await createProject({
    "src/use.ts": USE,
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
  const { code, map } = emitTypes(
    [
      await entry("scope:greeting", TEXT, { metadata: { model: "m" } }),
      await entry(
        "scope:support/triage?label=latest",
        [{ role: "system", content: "Help with {{question}}" }],
        {
          ref: { name: "support/triage", pin: { kind: "label", label: "latest" } },
        },
      ),
    ],
    { dtsFile: "src/scope.d.ts" },
  );
  await writeFile(join(project.dir, "src/scope.d.ts"), code);
  await writeFile(join(project.dir, "src/scope.d.ts.map"), map);
});
afterAll(() => project.remove());

// TypeScript 7 has a language server of another protocol; its `tsc` reads the same declarations.
describe.each(["5.6", "5.9", "6"] as const)("an editor with TypeScript %s", (version) => {
  let server: TsServer;
  beforeAll(async () => {
    server = new TsServer(TYPESCRIPTS[version]);
    await server.open(join(project.dir, "src/use.ts"), USE);
  });
  afterAll(() => server.close());
  const at = (needle: string, offset = 0) => {
    const index = USE.indexOf(needle) + offset;
    const before = USE.slice(0, index).split("\n");
    return { line: before.length, offset: (before.at(-1) as string).length + 1 };
  };

  it("shows the prompt's text and pin on hover", async () => {
    for (const place of [at("greeting,"), at("greeting({")]) {
      const shown = await server.quickInfo(join(project.dir, "src/use.ts"), place);
      expect(shown).toContain("Prompt `greeting`, label `production` (version 7)");
      expect(shown).toContain("> Dear {{name}},\n> \u2060@everyone: *\\/ is safe, {\u2060@link too}.");
      expect(shown).toContain("> <script>x</script>");
    }
    const chat = await server.quickInfo(join(project.dir, "src/use.ts"), at("chat({"));
    expect(chat).toContain("label `latest`");
    expect(chat).toContain("`system`:\n\n> ```text\n> Help with {{question}}\n> ```");
  });

  it("shows the values of the metadata on hover, and a type of getMetadata that reads well", async () => {
    const file = join(project.dir, "src/use.ts");
    expect(await server.quickInfo(file, at("metadata.model"))).toContain('>   "model": "m"');
    const imported = await server.shownType(file, at("getMetadata, "));
    expect(imported).toContain("getMetadata: UnpluginScopeGetMetadata<{");
    expect(imported).not.toContain("[P in K]");
    expect(await server.shownType(file, at('getMetadata("model")'))).toMatch(/\): string$/m);
  });

  it("opens the snapshot file at the prompt's text on go-to-definition", async () => {
    const file = join(project.dir, "src/use.ts");
    const greeting = join(project.dir, "scope/greeting@production.json");
    const triage = join(project.dir, "scope/support~2Ftriage@latest.json");
    const found = async (needle: string) =>
      (await server.definition(file, at(needle))).map((one) => ({
        file: one.file,
        line: one.text,
      }));
    expect(await found("greeting({")).toEqual([{ file: greeting, line: '  "content": [' }]);
    expect(await found("metadata.model")).toEqual([{ file: greeting, line: '  "content": [' }]);
    expect(await found("model })")).toEqual([{ file: greeting, line: '    "model": "m"' }]);
    expect(await found("name: metadata")).toEqual([{ file: greeting, line: '    "Dear {{name}},",' }]);
    expect(await found("question:")).toEqual([{ file: triage, line: '        "Help with {{question}}"' }]);
    expect(await found("chat({")).toEqual([{ file: triage, line: '  "content": [' }]);
    expect(await found("render({")).toEqual([{ file: triage, line: '  "content": [' }]);
  });

  it("completes the names of the variables", async () => {
    expect(await server.completions(join(project.dir, "src/use.ts"), at("name: metadata"))).toContain("name");
  });

  it("completes the keys of the metadata", async () => {
    expect(await server.completions(join(project.dir, "src/use.ts"), at('"model"', 1))).toEqual(["model"]);
  });
});
