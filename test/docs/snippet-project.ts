import { mkdir, readdir, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import ts from "typescript";
import { startPlatform } from "../../src/platform/index.ts";
import { makeApp, writeTree } from "../support/app.ts";
import { ROOT, scopeGen } from "../support/run.ts";
import type { SnippetFile } from "./snippet-file.ts";

/** What the compiler says of a line of a snippet. */
export interface Finding {
  readonly file: string;
  /** From 0, in the block. */
  readonly line: number;
  readonly message: string;
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.Preserve,
  strict: true,
  allowJs: true,
  checkJs: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
};

/** A file of the reader's own project is not there: `./greet`. */
const NOT_FOUND = [2307, 7016];
/** Plain JavaScript writes no types down: what has none is anything, and what is guessed for it may be too narrow. */
const NO_TYPES = new Set([2345, 7005, 7006, 7016, 7018, 7031, 7034, 7053]);

/**
 * Type-checks the snippets as one project, against the built package: the prompts that they import are pulled by the command
 * line from the local platform over `test/docs/prompts`.
 */
export async function checkSnippets(files: readonly SnippetFile[]): Promise<Finding[]> {
  const root = await projectOf(files);
  const names = files.map(({ name }) => join(root, "src", name));
  const types = join(root, "src", "scope-types");
  const declarations = [
    ...(await readdir(types).catch(() => [])).map((name) => join(types, name)),
    join(ROOT, "test", "docs", "foreign.d.ts"),
  ];
  const program = ts.createProgram([...declarations, ...names], OPTIONS);
  return ts
    .getPreEmitDiagnostics(program)
    .filter((one) => !isReaders(one))
    .map((one) => findingOf(one, files, root));
}

async function projectOf(files: readonly SnippetFile[]): Promise<string> {
  const root = await makeApp({ "package.json": '{ "type": "module" }', "scope.config.json": "{}" });
  await writeTree(root, Object.fromEntries(files.map(({ name, text }) => [`src/${name}`, text])));
  await linkEveryPackage(root);
  const platform = await startPlatform({ dir: join(ROOT, "test", "docs", "prompts") });
  try {
    const pulled = await scopeGen(["pull"], { cwd: root, env: platform.env });
    if (pulled.code !== 0) throw new Error(pulled.stderr);
  } finally {
    await platform.close();
  }
  return root;
}

/** What is installed here, and this package itself. */
async function linkEveryPackage(root: string): Promise<void> {
  const modules = join(root, "node_modules");
  await mkdir(modules);
  for (const name of await readdir(join(ROOT, "node_modules"))) {
    await symlink(join(ROOT, "node_modules", name), join(modules, name), "dir");
  }
  await symlink(ROOT, join(modules, "unplugin-scope"), "dir");
}

function isReaders({ code, messageText, file }: ts.Diagnostic): boolean {
  const isScript = file !== undefined && /\.c?js$/.test(file.fileName);
  if (isScript && NO_TYPES.has(code)) return true;
  return NOT_FOUND.includes(code) && /'\.{1,2}\//.test(ts.flattenDiagnosticMessageText(messageText, "\n"));
}

function findingOf(one: ts.Diagnostic, files: readonly SnippetFile[], root: string): Finding {
  const message = ts.flattenDiagnosticMessageText(one.messageText, "\n");
  const name = one.file === undefined ? "" : relative(join(root, "src"), one.file.fileName);
  const snippet = files.find((file) => file.name === name);
  const { line = 0 } = one.file?.getLineAndCharacterOfPosition(one.start ?? 0) ?? {};
  return { file: name, line: line - (snippet?.before ?? 0), message };
}
