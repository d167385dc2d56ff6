import type { ScriptKind } from "./scan-script.ts";

export interface ScriptBlock extends ScriptKind {
  readonly code: string;
  readonly offset: number;
}

/**
 * The parts of a file that contain script: all of a script file, the script elements of a Vue, Svelte or Astro
 * component, and Astro's frontmatter.
 *
 * @param extension of the file, with its dot
 */
export function scriptBlocks(text: string, extension: string): readonly ScriptBlock[] {
  switch (extension) {
    case ".vue":
    case ".svelte":
      return scriptElements(text, 0, false);
    case ".astro":
      return astroBlocks(text);
    default:
      // In TypeScript without JSX, a "<" can begin a type assertion or type parameters.
      return [
        {
          code: text,
          offset: 0,
          jsx: ![".ts", ".mts", ".cts"].includes(extension),
          typescript: [".ts", ".mts", ".cts", ".tsx"].includes(extension),
        },
      ];
  }
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
