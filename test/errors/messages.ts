import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../support/run.ts";

/** A file's messages, as lines of the table. */
interface FileMessages {
  readonly file: string;
  readonly lines: readonly string[];
}

/** What the compiler emits is code, and has its own recorded files. */
const EMITTED = /^src.compiler.3-emit/;
/** Two words in a row that aren't code. */
const PROSE = /\p{L}{2,}[,.:;?]? (?=[\p{L}…"({])/u;
const CODE = /=>|;\n|;$|^\s*import |require\(|^[\w/]+; charset|unknown\[\]/;

/** Every message in `src` and `templates`, in the order of the files. */
export async function allMessages(): Promise<readonly FileMessages[]> {
  const files = await Promise.all(
    ["src", "templates"].map(async (folder) =>
      (await readdir(join(ROOT, folder), { recursive: true })).map((file) => join(folder, file)),
    ),
  );
  const sources = files
    .flat()
    .filter((file) => /(?<!\.d)\.ts$|\.mustache$/.test(file) && !EMITTED.test(file));
  const read = sources.sort().map(async (path) => {
    const file = path.replaceAll("\\", "/");
    return { file, lines: messagesIn(file, await readFile(join(ROOT, path), "utf8")) };
  });
  return (await Promise.all(read)).filter(({ lines }) => lines.length > 0);
}

/** The messages of one file: its errors with code and hint, and every other string that people read. */
function messagesIn(file: string, text: string): readonly string[] {
  const lines: string[] = [];
  const shown = new Set<ts.Node>();
  const show = (node: ts.Node, before: string): void => {
    for (const one of choices(node)) {
      lines.push(
        ...(textOf(one) ?? "…")
          .trim()
          .split("\n")
          .map((line, i) => (i ? "    " : before) + line),
      );
      shown.add(one);
    }
  };
  const walk = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && /Errors?$/.test(node.expression.getText()) && node.arguments?.[0]) {
      const options = node.arguments.find(ts.isObjectLiteralExpression);
      const code = property(options, "code");
      show(node.arguments[0], `  ${code === undefined ? "" : `${choices(code).map(textOf).join(" or ")}: `}`);
      const hint = property(options, "hint");
      if (hint !== undefined) show(hint, "    hint: ");
    } else if (!shown.has(node)) {
      const own = textOf(node);
      if (own !== undefined && PROSE.test(own) && !CODE.test(own) && !own.includes("\0")) show(node, "  ");
    }
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS));
  return lines;
}

/** The text of a literal, with `…` for each part that's filled in. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
}

/** The branches of a choice. */
function choices(node: ts.Node): readonly ts.Node[] {
  if (ts.isParenthesizedExpression(node)) return choices(node.expression);
  return ts.isConditionalExpression(node) ? [node.whenTrue, node.whenFalse].flatMap(choices) : [node];
}

function property(object: ts.ObjectLiteralExpression | undefined, name: string): ts.Expression | undefined {
  const found = object?.properties.find((one) => one.name?.getText() === name);
  return found !== undefined && ts.isPropertyAssignment(found) ? found.initializer : undefined;
}
