import { Project, ts } from "ts-morph";
import type { ComponentScript } from "../discovery/component-scripts.ts";

/** Paths are absolute. */
interface TypedFilesInput {
  readonly options: ts.CompilerOptions;
  /** Projects whose sources are used instead of their build output. */
  readonly references: readonly ts.ProjectReference[];
  readonly files: readonly string[];
  /** Scripts that aren't files themselves, at the path of their component. */
  readonly components?: readonly ComponentScript[];
  /** Where the types of prompts are overlaid. */
  readonly typesFile: string;
  /** Existing types: they're overlaid with nothing. */
  readonly hiddenFiles?: readonly string[];
  /** Declarations of emitted modules, each with the specifier whose types replace them. */
  readonly emittedTypes?: ReadonlyMap<string, string>;
}

/** `declare module` blocks by specifier. */
export type TypeBlocks = ReadonlyMap<string, string>;

/** What the imports of a file lead to: paths, and specifiers of prompts. */
interface FileImports {
  readonly files: Set<string>;
  readonly prompts: Set<string>;
}

/** For programs that only answer questions. */
const CHECKS_ONLY: ts.CompilerOptions = {
  noEmit: true,
  skipLibCheck: true,
  composite: false,
  incremental: false,
  declaration: false,
};

/** What comes between a component's own name and the extension that the compiler knows. */
const COMPONENT_MARK = ".scope-script.";

/** Programs kept for a later question. */
const MAX_KEPT = 3;

/** Declarations of packages, parsed: the tsconfigs of a repository share most of them. */
const packageFiles = new Map<string, ts.SourceFile>();

/**
 * Files of one tsconfig, checked against any number of versions of the types. Texts are overlaid on the disk: the
 * types, and the scripts of components. Files are read and parsed once, however many programs there are.
 */
export class TypedFiles {
  /** What each file imports, including files of packages. Known once a program has been made. */
  readonly imports = new Map<string, FileImports>();
  readonly #input: TypedFilesInput;
  readonly #host: ts.CompilerHost;
  readonly #rootNames: readonly string[];
  readonly #texts = new Map<string, string>();
  readonly #parsed = new Map<string, ts.SourceFile | undefined>();
  readonly #programs = new Map<string, ts.Program>();
  #last: ts.Program | undefined;

  constructor(input: TypedFilesInput) {
    this.#input = { ...input, options: { ...input.options, ...CHECKS_ONLY } };
    this.#host = this.#createHost(this.#input.options);
    const { components = [], hiddenFiles = [], emittedTypes = [] } = input;
    const scripts = components.map(({ file, code, language }) => {
      const name = `${file}${COMPONENT_MARK}${language}`;
      this.lay(name, code);
      return name;
    });
    for (const file of hiddenFiles) this.lay(file, "");
    for (const [file, specifier] of emittedTypes) {
      const from = JSON.stringify(specifier);
      this.lay(file, `export * from ${from};\nexport { default } from ${from};\n`);
    }
    this.#rootNames = [...input.files, ...scripts, input.typesFile];
  }

  /** Overlays a text on a file, whether or not it exists, for programs that are made later. */
  lay(file: string, text: string): void {
    if (this.#texts.get(file) === text) return;
    this.#texts.set(file, text);
    this.#parsed.delete(file);
  }

  /** The program with the given types. The same text gives the same program. */
  program(blocks: TypeBlocks): ts.Program {
    const text = [...blocks.values()].join("\n");
    const known = this.#programs.get(text);
    if (known !== undefined) return known;
    this.lay(this.#input.typesFile, text);
    const program = ts.createProgram({
      rootNames: this.#rootNames,
      options: this.#input.options,
      host: this.#host,
      projectReferences: this.#input.references,
      ...(this.#last === undefined ? {} : { oldProgram: this.#last }),
    });
    this.#last = program;
    this.#programs.set(text, program);
    // A program keeps everything that its checker found out.
    const [oldest] = this.#programs.keys();
    if (this.#programs.size > MAX_KEPT && oldest !== undefined) this.#programs.delete(oldest);
    return program;
  }

  /** The errors in some files with the given types. */
  errors(blocks: TypeBlocks, files: Iterable<string>): readonly ts.DiagnosticWithLocation[] {
    const program = this.program(blocks);
    return [...new Set(files)]
      .flatMap((file) => program.getSourceFile(file) ?? [])
      .flatMap((file) => program.getSemanticDiagnostics(file))
      .filter(
        (one): one is ts.DiagnosticWithLocation =>
          one.category === ts.DiagnosticCategory.Error && one.start !== undefined,
      );
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

  /** A host over the disk and the overlaid texts, which notes what each file imports while it resolves. */
  #createHost(options: ts.CompilerOptions): ts.CompilerHost {
    const disk = ts.createCompilerHost(options);
    const cache = ts.createModuleResolutionCache(
      disk.getCurrentDirectory(),
      disk.getCanonicalFileName,
      options,
    );
    const host = {
      ...disk,
      jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeErrors,
      // The compiler asks it of every host, but only an editor's types declare it: no project needs to be built.
      useSourceOfProjectReferenceRedirect: () => true,
      getDefaultLibLocation: () => LIB_FOLDER,
      getDefaultLibFileName: (asked: ts.CompilerOptions) =>
        `${LIB_FOLDER}/${ts.getDefaultLibFileName(asked)}`,
      fileExists: (file: string) => this.#texts.has(file) || filesFor(file, disk).fileExists(file),
      readFile: (file: string) => this.#texts.get(file) ?? filesFor(file, disk).readFile(file),
    };
    const parse: ts.CompilerHost["getSourceFile"] = (file, how) => {
      const isShared = file.includes("/node_modules/") && /\.d\.[cm]?ts$/.test(file);
      const key = isShared ? JSON.stringify([file, how]) : undefined;
      const known = key === undefined ? undefined : packageFiles.get(key);
      if (known !== undefined) return known;
      const text = this.#host.readFile(file);
      const parsed = text === undefined ? undefined : ts.createSourceFile(file, text, how);
      if (key !== undefined && parsed !== undefined) packageFiles.set(key, parsed);
      return parsed;
    };
    return {
      ...host,
      getSourceFile: (file, how) => {
        if (!this.#parsed.has(file)) this.#parsed.set(file, parse(file, how));
        return this.#parsed.get(file);
      },
      resolveModuleNameLiterals: (literals, containing, redirected, asked, sourceFile) => {
        const imports = this.imports.get(containing) ?? { files: new Set(), prompts: new Set() };
        this.imports.set(containing, imports);
        return literals.map((literal) => {
          const { text } = literal;
          if (text.startsWith("scope:")) {
            imports.prompts.add(text);
            return { resolvedModule: undefined };
          }
          const mode = ts.getModeForUsageLocation(sourceFile, literal, asked);
          // The host that a program has: it makes that one see what a referenced project will be built to.
          const resolved = ts.resolveModuleName(text, containing, asked, this.#host, cache, redirected, mode);
          if (resolved.resolvedModule) imports.files.add(resolved.resolvedModule.resolvedFileName);
          return resolved;
        });
      },
    };
  }
}

/** Where ts-morph keeps the compiler's own declarations: in memory, under this path. */
const LIB_FOLDER = "/node_modules/typescript/lib";
let libs: ts.ModuleResolutionHost | undefined;

/** What has a file: the compiler's own declarations aren't on the disk. */
function filesFor(file: string, disk: ts.ModuleResolutionHost): ts.ModuleResolutionHost {
  if (!file.startsWith(`${LIB_FOLDER}/`)) return disk;
  libs ??= new Project({ useInMemoryFileSystem: true }).getModuleResolutionHost();
  return libs;
}
