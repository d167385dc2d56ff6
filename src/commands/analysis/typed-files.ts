import { ts } from "ts-morph";
import { CHECKS_ONLY, type FileImports, OverlayHost } from "./overlay-host.ts";

/** A script that isn't a file itself: a component's, at the component's path. */
export interface LaidScript {
  readonly file: string;
  readonly code: string;
  readonly language: "ts" | "tsx" | "js" | "jsx";
}

export interface TypedFilesInput {
  readonly options: ts.CompilerOptions;
  /** Projects whose sources are used instead of their build output. */
  readonly references?: readonly ts.ProjectReference[];
  /** Absolute. */
  readonly files: readonly string[];
  readonly components?: readonly LaidScript[];
  /** Absolute path where the types of prompts are overlaid. */
  readonly typesFile: string;
  /** Existing types, absolute: they're overlaid with nothing. */
  readonly hiddenFiles?: readonly string[];
  /** Declarations of emitted modules, absolute, each with the specifier whose types replace them. */
  readonly emittedTypes?: ReadonlyMap<string, string>;
}

/** `declare module` blocks by specifier. */
export type TypeBlocks = ReadonlyMap<string, string>;

/** What comes between a component's own name and the extension that the compiler knows. */
const COMPONENT_MARK = ".scope-script.";

/** Programs kept for a later question. */
const MAX_KEPT = 3;

/**
 * Files that are checked together, under the options of one tsconfig, against any number of versions of the prompts'
 * types. Each version gets a program; everything but the types is shared.
 */
export class TypedFiles {
  readonly #overlay: OverlayHost;
  readonly #input: TypedFilesInput;
  readonly #rootNames: readonly string[];
  readonly #programs = new Map<string, ts.Program>();
  #last: ts.Program | undefined;

  constructor(input: TypedFilesInput) {
    const options = { ...input.options, ...CHECKS_ONLY };
    this.#input = { ...input, options };
    this.#overlay = new OverlayHost(options);
    const { components = [], hiddenFiles = [], emittedTypes = [] } = input;
    const scripts = components.map(({ file, code, language }) => {
      const name = `${file}${COMPONENT_MARK}${language}`;
      this.#overlay.lay(name, code);
      return name;
    });
    for (const file of hiddenFiles) this.#overlay.lay(file, "");
    for (const [file, specifier] of emittedTypes) {
      const from = JSON.stringify(specifier);
      this.#overlay.lay(file, `export * from ${from};\nexport { default } from ${from};\n`);
    }
    this.#rootNames = [...input.files, ...scripts, input.typesFile];
  }

  /** Overlays a text on a file, for programs that are made later. */
  lay(file: string, text: string): void {
    this.#overlay.lay(file, text);
  }

  /** What each file imports, including files of packages. Known once a program has been made. */
  get imports(): ReadonlyMap<string, FileImports> {
    return this.#overlay.imports;
  }

  /** The program with the given types. The same text gives the same program. */
  program(blocks: TypeBlocks): ts.Program {
    const text = [...blocks.values()].join("\n");
    const known = this.#programs.get(text);
    if (known !== undefined) return known;
    this.#overlay.lay(this.#input.typesFile, text);
    const program = ts.createProgram({
      rootNames: this.#rootNames,
      options: this.#input.options,
      host: this.#overlay.host,
      ...(this.#input.references === undefined ? {} : { projectReferences: this.#input.references }),
      ...(this.#last === undefined ? {} : { oldProgram: this.#last }),
    });
    this.#last = program;
    this.#programs.set(text, program);
    // A program keeps everything that its checker found out.
    const [oldest] = this.#programs.keys();
    if (this.#programs.size > MAX_KEPT && oldest !== undefined) this.#programs.delete(oldest);
    return program;
  }

  /** The errors in some files with the given types, by file; files without errors are left out. */
  errors(blocks: TypeBlocks, files: Iterable<string>): ReadonlyMap<string, readonly ts.Diagnostic[]> {
    const program = this.program(blocks);
    const found = new Map<string, readonly ts.Diagnostic[]>();
    for (const file of files) {
      const sourceFile = program.getSourceFile(file);
      if (sourceFile === undefined) continue;
      const errors = program
        .getSemanticDiagnostics(sourceFile)
        .filter(({ category, start }) => category === ts.DiagnosticCategory.Error && start !== undefined);
      if (errors.length > 0) found.set(file, errors);
    }
    return found;
  }

  /** Is this one of the project's own sources (not a package's, not the types)? */
  isSource(file: string): boolean {
    return !file.includes("/node_modules/") && file !== this.#input.typesFile;
  }

  /** The path that people know: a component's own. */
  static ownPath(file: string): string {
    const mark = file.lastIndexOf(COMPONENT_MARK);
    return mark === -1 ? file : file.slice(0, mark);
  }
}
