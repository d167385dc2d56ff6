import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder, writeTree } from "../support/app.ts";
import { node, ROOT } from "../support/run.ts";

/** TypeScript by its folder under node_modules, oldest first. */
export const TYPESCRIPTS = {
  "5.6": "typescript-5.6",
  "5.9": "typescript-5.9",
  "6": "typescript",
  "7": "typescript-7",
} as const;
export type TypeScriptVersion = keyof typeof TYPESCRIPTS;

/** The oldest and the newest, for suites that check many projects; `npm run verify` takes every version. */
export const SOME_TYPESCRIPTS =
  process.env.MODE === "verify" ? (Object.keys(TYPESCRIPTS) as TypeScriptVersion[]) : (["5.6", "7"] as const);

/** The strictest settings that a project may have; `skipLibCheck` off, so that our declarations are checked too. */
export const STRICTEST = {
  target: "es2022",
  lib: ["es2022"],
  types: [],
  strict: true,
  noEmit: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedSideEffectImports: true,
  noUnusedLocals: false,
  skipLibCheck: false,
};

export interface Project {
  readonly dir: string;
  /** Compiles with these options over the strictest; resolves to the errors, one per line. */
  tsc(version: TypeScriptVersion, options: Readonly<Record<string, unknown>>): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** A project of its own in a temporary folder, with this repository's packages to import. */
export async function createProject(files: Readonly<Record<string, string>>): Promise<Project> {
  const dir = await temporaryFolder();
  await symlink(join(ROOT, "node_modules"), join(dir, "node_modules"), "junction");
  await writeTree(dir, { "package.json": '{ "type": "module" }', ...files });
  return {
    dir,
    async tsc(version, options) {
      const config = join(dir, `tsconfig.${version}.${JSON.stringify(options).replace(/\W+/g, "-")}.json`);
      const exclude = ["node_modules"];
      await writeFile(config, JSON.stringify({ compilerOptions: { ...STRICTEST, ...options }, exclude }));
      const tsc = join(ROOT, "node_modules", TYPESCRIPTS[version], "bin", "tsc");
      const { stdout } = await node([tsc, "-p", config, "--pretty", "false"], { cwd: dir });
      return stdout.split("\n").filter((line) => line !== "");
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
