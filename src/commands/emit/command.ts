import { join, resolve } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import { shownPin } from "../../prompt.ts";
import { refJson } from "../json-parts.ts";
import type { CommandContext } from "../shell/context.ts";
import type { AddCommand } from "../shell/program.ts";
import { count, textTable } from "../shell/text-table.ts";
import { watch } from "../shell/watch.ts";
import type { Emitted } from "./emit-files.ts";
import { MAP_FILES } from "./specifier-maps.ts";

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
  if (!flags.watch) {
    report(context, flags, await emitOnce(context, flags));
    return;
  }
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
  return context.withProject((project) =>
    emitFiles(project, {
      outDir: resolve(cwd, outDir),
      jestRoot: cwd,
      reporter: { info: (text) => output.log(text), warn: (text) => output.warn(text) },
    }),
  );
}

function report({ output, cwd }: CommandContext, flags: EmitFlags, { modules, removed }: Emitted): void {
  const rows = modules.map(({ specifier, file, built: { resolved } }) => ({ specifier, file, resolved }));
  const outDir = resolve(cwd, flags.outDir);
  const document = {
    outDir: shortPath(outDir, cwd),
    maps: {
      jest: shortPath(join(outDir, MAP_FILES.jest), cwd),
      imports: shortPath(join(outDir, MAP_FILES.imports), cwd),
      tsconfig: shortPath(join(outDir, MAP_FILES.tsconfig), cwd),
    },
    modules: rows.map(({ specifier, file, resolved }) => ({
      specifier,
      file: shortPath(file, cwd),
      ...refJson(resolved.ref),
      versionId: resolved.version.id,
      versionNumber: resolved.version.versionNumber,
      source: resolved.source,
    })),
    removed: removed.map((file) => shortPath(file, cwd)),
  };
  const gone = removed.filter((file) => file.endsWith(".js")).length;
  output.result(
    () => document,
    () => {
      if (rows.length === 0)
        return output.wrap(`${nothingFound(flags)}${gone === 0 ? "" : ` ${count(gone, "file")} removed.`}\n`);
      const table = textTable(
        ["import", "file", "pin", "version"],
        rows.map(({ specifier, file, resolved }) => [
          specifier,
          shortPath(file, cwd),
          shownPin(resolved.ref.pin),
          String(resolved.version.versionNumber),
        ]),
        output.width,
      );
      const written = modules.filter((module) => module.written).length;
      return `${table}${count(rows.length, "module")}, ${written} written${gone === 0 ? "" : `, ${gone} removed`}.\n`;
    },
  );
}

/** What `emit` looks for, and the next command. */
function nothingFound({ outDir }: EmitFlags): string {
  return `No prompts: nothing is imported or configured. Import one where you use it, as in import greeting from "scope:greeting", or name it in the config, as in prompts: ["greeting"]. Then run: scope-gen emit --out-dir ${outDir}`;
}
