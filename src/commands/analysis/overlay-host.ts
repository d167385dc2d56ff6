import { Project, ts } from "ts-morph";

/** For programs that only answer questions. */
export const CHECKS_ONLY: ts.CompilerOptions = {
  noEmit: true,
  skipLibCheck: true,
  composite: false,
  incremental: false,
  declaration: false,
};

/** Where ts-morph keeps the compiler's own declarations: in memory, under this path. */
const LIB_FOLDER = "/node_modules/typescript/lib";
let libs: ts.ModuleResolutionHost | undefined;

/** What the imports of a file lead to: files of the project, and prompts. */
export interface FileImports {
  /** Absolute paths. */
  readonly files: Set<string>;
  /** `scope:` specifiers, as spelled. */
  readonly prompts: Set<string>;
  /** Does it import the client, which knows prompts by name? */
  namesClient: boolean;
}

/** Declarations of packages, parsed: the tsconfigs of a repository share most of them. */
const packageFiles = new Map<string, ts.SourceFile>();

/**
 * Adds what the compiler asks of every host but only an editor's types declare: whether a project needs to be built.
 */
interface ReferringHost extends ts.CompilerHost {
  useSourceOfProjectReferenceRedirect(): boolean;
}

/**
 * A compiler host over the files on disk, with some texts overlaid in memory: the types of prompts, and the scripts of
 * components. Files are read and parsed once, however many programs there are. It notes what each file imports while it
 * resolves.
 */
export class OverlayHost {
  readonly host: ReferringHost;
  readonly imports = new Map<string, FileImports>();
  readonly #texts = new Map<string, string>();
  readonly #parsed = new Map<string, ts.SourceFile | undefined>();

  constructor(options: ts.CompilerOptions) {
    const disk = ts.createCompilerHost(options);
    const cache = ts.createModuleResolutionCache(
      disk.getCurrentDirectory(),
      disk.getCanonicalFileName,
      options,
    );
    this.host = {
      ...disk,
      jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeErrors,
      useSourceOfProjectReferenceRedirect: () => true,
      getDefaultLibLocation: () => LIB_FOLDER,
      getDefaultLibFileName: (asked) => `${LIB_FOLDER}/${ts.getDefaultLibFileName(asked)}`,
      fileExists: (file) => this.#texts.has(file) || filesFor(file, disk).fileExists(file),
      readFile: (file) => this.#texts.get(file) ?? filesFor(file, disk).readFile(file),
      getSourceFile: (file, how) => this.#sourceFile(file, how),
      resolveModuleNameLiterals: (literals, containing, redirected, asked, sourceFile) => {
        const imports = this.#importsOf(containing);
        return literals.map((literal) => {
          if (literal.text.startsWith("scope:")) {
            imports.prompts.add(literal.text);
            return { resolvedModule: undefined };
          }
          if (literal.text === "unplugin-scope/client") imports.namesClient = true;
          const mode = ts.getModeForUsageLocation(sourceFile, literal, asked);
          const resolved = ts.resolveModuleName(
            literal.text,
            containing,
            asked,
            this.host,
            cache,
            redirected,
            mode,
          );
          if (resolved.resolvedModule) imports.files.add(resolved.resolvedModule.resolvedFileName);
          return resolved;
        });
      },
    };
  }

  /** Overlays a text on a file, whether or not the file exists; undefined removes the overlay. */
  lay(file: string, text: string | undefined): void {
    if (this.#texts.get(file) === text) return;
    if (text === undefined) this.#texts.delete(file);
    else this.#texts.set(file, text);
    this.#parsed.delete(file);
  }

  #importsOf(file: string): FileImports {
    let imports = this.imports.get(file);
    if (imports === undefined) {
      imports = { files: new Set(), prompts: new Set(), namesClient: false };
      this.imports.set(file, imports);
    }
    return imports;
  }

  #sourceFile(file: string, how: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
    if (!this.#parsed.has(file)) this.#parsed.set(file, this.#parse(file, how));
    return this.#parsed.get(file);
  }

  #parse(file: string, how: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
    const isShared = file.includes("/node_modules/") && /\.d\.[cm]?ts$/.test(file);
    const key = isShared ? JSON.stringify([file, how]) : undefined;
    const known = key === undefined ? undefined : packageFiles.get(key);
    if (known !== undefined) return known;
    const text = this.host.readFile(file);
    const parsed = text === undefined ? undefined : ts.createSourceFile(file, text, how);
    if (key !== undefined && parsed !== undefined) packageFiles.set(key, parsed);
    return parsed;
  }
}

/** What has a file: the compiler's own declarations aren't on the disk. */
function filesFor(file: string, disk: ts.ModuleResolutionHost): ts.ModuleResolutionHost {
  if (!file.startsWith(`${LIB_FOLDER}/`)) return disk;
  libs ??= new Project({ useInMemoryFileSystem: true }).getModuleResolutionHost();
  return libs;
}
