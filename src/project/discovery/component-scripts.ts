import { extname } from "node:path";
import type { ResolvedOptions } from "../config/types.ts";
import { listSources, readSource } from "./list-sources.ts";
import type { ScriptKind } from "./scan-script.ts";

/** The script of a Vue, Svelte or Astro component, as a file that a type checker can read. */
export interface ComponentScript {
  readonly file: string;
  /** The component's text with everything but its scripts blanked out: what is left keeps its position. */
  readonly code: string;
  readonly language: "ts" | "tsx" | "js" | "jsx";
}

/**
 * The scripts of all components that the config includes, by file. Components without script are left out.
 *
 * @throws ConfigurationError `file_unreadable`
 */
export async function componentScripts(options: ResolvedOptions): Promise<readonly ComponentScript[]> {
  const scripts: ComponentScript[] = [];
  for (const file of (await listSources(options)).filter(isComponent)) {
    const script = componentScript((await readSource(file))?.toString("utf8") ?? "", file);
    if (script !== undefined) scripts.push(script);
  }
  return scripts;
}

/** Is a file a component of Vue, Svelte or Astro, with its own markup? */
function isComponent(file: string): boolean {
  return /\.(?:vue|svelte|astro)$/i.test(file);
}

/** One component's script; undefined when it has none. */
export function componentScript(text: string, file: string): ComponentScript | undefined {
  const blocks = scriptBlocks(text, file);
  if (blocks.length === 0) return undefined;
  let code = "";
  // Spaces for everything but line endings, so that offsets, lines and columns stay.
  const blank = (end?: number) => text.slice(code.length, end).replace(/[^\r\n]/g, " ");
  for (const block of blocks) code += blank(block.offset) + block.code;
  code += blank();
  const language = blocks.some((block) => block.typescript) ? "ts" : "js";
  return { file, code, language: blocks.some((block) => block.jsx) ? `${language}x` : language };
}

/**
 * The components among some files that have markup. An expression in it can call what the script imports, and a type
 * checker doesn't see it.
 *
 * @param files absolute
 * @returns each once
 * @throws ConfigurationError `file_unreadable`
 */
export async function withMarkup(files: readonly string[]): Promise<readonly string[]> {
  const components = [...new Set(files.filter(isComponent))];
  const texts = await Promise.all(components.map(readSource));
  return components.filter((file, at) => {
    const text = texts[at]?.toString("utf8") ?? "";
    const rest = scriptBlocks(text, file).reduceRight(
      (left, { code, offset }) => left.slice(0, offset) + left.slice(offset + code.length),
      text,
    );
    // A tag or an expression outside its scripts.
    return /<(?!script\b)[a-z]|\{/i.test(rest);
  });
}

interface ScriptBlock extends ScriptKind {
  readonly code: string;
  readonly offset: number;
}

/**
 * The parts of a file that contain script: all of a script file, the script elements of a Vue, Svelte or Astro
 * component, and Astro's frontmatter.
 */
export function scriptBlocks(text: string, file: string): readonly ScriptBlock[] {
  const extension = extname(file).toLowerCase();
  if (extension === ".vue" || extension === ".svelte") return scriptElements(text, 0, false);
  if (extension === ".astro") return astroBlocks(text);
  const typescript = [".ts", ".mts", ".cts", ".tsx"].includes(extension);
  // In TypeScript without JSX, a "<" can begin a type assertion or type parameters.
  const jsx = extension === ".tsx" || !typescript;
  return [{ code: text, offset: 0, jsx, typescript }];
}

function astroBlocks(text: string): ScriptBlock[] {
  const start = frontmatterStart(text);
  if (start === undefined) return scriptElements(text, 0, true);
  const end = text.slice(start - 1).search(/\n[^\S\n]*---/);
  const length = end === -1 ? text.length - start : Math.max(0, end - 1);
  return [
    // Astro treats its frontmatter and its scripts as TypeScript.
    { code: text.slice(start, start + length), offset: start, jsx: false, typescript: true },
    ...scriptElements(text, start + length, true),
  ];
}

/** After the fence, which white space and comments can precede; undefined if there is none. */
function frontmatterStart(text: string): number | undefined {
  let rest = text.trimStart();
  while (rest.startsWith("<!--") && rest.includes("-->"))
    rest = rest.slice(rest.indexOf("-->") + "-->".length).trimStart();
  const [fence] = /^---[^\S\n]*\n/.exec(rest) ?? [];
  return fence === undefined ? undefined : text.length - rest.length + fence.length;
}

/** Comments are matched first, so that a script element inside one doesn't count. */
const ELEMENT = /<!--[\s\S]*?(?:-->|$)|(<script\b((?:[^>"']|"[^"]*"|'[^']*')*)>)([\s\S]*?)<\/script\s*>/gi;

function scriptElements(text: string, from: number, typescript: boolean): ScriptBlock[] {
  const blocks: ScriptBlock[] = [];
  for (const match of text.slice(from).matchAll(ELEMENT)) {
    const [, tag, attributes = "", code] = match;
    if (tag === undefined || code === undefined || tag.endsWith("/>")) continue;
    const language = /\blang\s*=\s*["']?(\w+)/i.exec(attributes)?.[1]?.toLowerCase() ?? "";
    blocks.push({
      code,
      offset: from + match.index + tag.length,
      jsx: language === "tsx" || language === "jsx",
      typescript: typescript || ["ts", "tsx", "typescript"].includes(language),
    });
  }
  return blocks;
}
