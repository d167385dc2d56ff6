import { resolve } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import { refJson } from "../../project/reports/json-parts.ts";
import { shownPin } from "../../prompt.ts";
import { type AddCommand, type CommandContext, watch } from "../cli/context.ts";
import { count, NO_PROMPTS, textTable } from "../cli/terminal.ts";
import type { Emitted } from "./emit-files.ts";

interface EmitFlags {
  readonly outDir: string;
  readonly watch?: boolean;
}

/** `scope-gen emit`: prompts as `.js` and `.d.ts` files, for setups without a bundler. */
export const addEmit: AddCommand = (program, action) => {
  program
    .command("emit")
    .description("write prompts as .js and .d.ts files, for use without a bundler")
    .requiredOption("--out-dir <dir>", "folder to write to; your own files in it are left alone")
    .option("--watch", "keep running, emit again, and print what changed")
    .addHelpText(
      "after",
      "\nExamples:\n  scope-gen emit --out-dir src/prompts\n  scope-gen emit --out-dir lib --fetch never",
    )
    .action(action<[EmitFlags]>(emit));
};

async function emit(context: CommandContext, flags: EmitFlags): Promise<void> {
  if (!flags.watch) return report(context, flags, await emitOnce(context, flags));
  let isFirst = true;
  await watch(context, async () => {
    const emitted = await emitOnce(context, flags);
    const { modules, removed } = emitted;
    const isNews = removed.length > 0 || modules.some(({ written }) => written);
    if (isNews || (isFirst && modules.length === 0)) report(context, flags, emitted);
    isFirst = false;
  });
}

async function emitOnce(context: CommandContext, { outDir }: EmitFlags): Promise<Emitted> {
  const { cwd, output } = context;
  const { emitFiles } = await import("./emit-files.ts");
  await using project = await context.openProject();
  return await emitFiles(project, resolve(cwd, outDir), cwd, output);
}

function report(context: CommandContext, { outDir }: EmitFlags, emitted: Emitted): void {
  const { output, cwd } = context;
  output.result(output.json ? toJson(emitted, outDir, cwd) : toText(emitted, outDir, context));
}

function toJson({ maps, modules, removed }: Emitted, outDir: string, cwd: string): unknown {
  const shown = (file: string) => shortPath(file, cwd);
  return {
    outDir: shown(resolve(cwd, outDir)),
    maps: { jest: shown(maps.jest), imports: shown(maps.imports), tsconfig: shown(maps.tsconfig) },
    modules: modules.map(({ specifier, file, built: { resolved } }) => ({
      specifier,
      file: shown(file),
      ...refJson(resolved.ref),
      versionId: resolved.version.id,
      versionNumber: resolved.version.versionNumber,
      source: resolved.source,
    })),
    removed: removed.map(shown),
  };
}

function toText({ modules, removed }: Emitted, outDir: string, { output, cwd }: CommandContext): string {
  const gone = removed.filter((file) => file.endsWith(".js")).length;
  if (modules.length === 0) {
    const also = gone === 0 ? "" : ` ${count(gone, "file")} removed.`;
    return output.wrap(
      `${NO_PROMPTS} Import one where you use it, as in import greeting from "scope:greeting", or name it in the config, as in prompts: ["greeting"]. Then run: scope-gen emit --out-dir ${outDir}${also}\n`,
    );
  }
  const rows = modules.map(({ specifier, file, built: { resolved } }) => [
    specifier,
    shortPath(file, cwd),
    shownPin(resolved.ref.pin),
    String(resolved.version.versionNumber),
  ]);
  const table = textTable(["import", "file", "follows", "version"], rows, output.width);
  const written = modules.filter((module) => module.written).length;
  return `${table}${count(modules.length, "module")}, ${written} written${gone === 0 ? "" : `, ${gone} removed`}.\n`;
}
