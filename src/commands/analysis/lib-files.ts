import { Project, ts } from "ts-morph";

/** Where ts-morph keeps the compiler's own declarations: in memory, under this path. */
export const LIB_FOLDER = "/node_modules/typescript/lib";

const parsed = new Map<string, ts.SourceFile>();
let texts: ts.ModuleResolutionHost | undefined;

/** Is this path one of the compiler's own declarations (`lib.es2023.d.ts`)? */
export function isLibFile(file: string): boolean {
  return file.startsWith(`${LIB_FOLDER}/`);
}

/** The text of one of the compiler's own declarations; undefined when there's no such file. */
export function libText(file: string): string | undefined {
  texts ??= new Project({ useInMemoryFileSystem: true }).getModuleResolutionHost();
  return texts.fileExists(file) ? texts.readFile(file) : undefined;
}

/** One of them, parsed. All programs share it, since no project option changes how it's read. */
export function libSourceFile(file: string): ts.SourceFile | undefined {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const text = libText(file);
  if (text === undefined) return undefined;
  const sourceFile = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext);
  parsed.set(file, sourceFile);
  return sourceFile;
}
