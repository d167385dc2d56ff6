import {
  type CallExpression,
  Node,
  type ObjectLiteralExpression,
  type SourceFile,
  SyntaxKind,
} from "ts-morph";
import { type PluginStyle, pluginKeys } from "../tools/tool.ts";
import { isToolModule } from "../tools/tools.ts";
import { callsOf, importedModules } from "./imported-names.ts";
import { bareExpression, declaredValue } from "./parse-script.ts";

/** What a config file gives its tool. */
export interface ConfigExport {
  readonly isEsm: boolean;
  /** The exported expression, function or class. */
  readonly node: Node;
}

/** `export default …` or `module.exports = …`; undefined unless there is exactly one. */
export function configExport(file: SourceFile): ConfigExport | undefined {
  const found = [
    ...file
      .getStatements()
      .filter((one) => Node.isModifierable(one) && one.hasModifier("default"))
      .map((node) => ({ isEsm: true, node })),
    ...file
      .getExportAssignments()
      .filter((one) => !one.isExportEquals())
      .map((one) => ({ isEsm: true, node: one.getExpression() })),
    ...file
      .getDescendantsOfKind(SyntaxKind.BinaryExpression)
      .filter((one) => one.getLeft().getText() === "module.exports")
      .map((one) => ({ isEsm: false, node: one.getRight() })),
  ];
  return found.length === 1 ? found[0] : undefined;
}

/**
 * The object that takes plugins: the config itself, or what a script passes to esbuild's `build` or `context`.
 * Undefined if that isn't known.
 */
export function configObject(file: SourceFile, style: PluginStyle): ObjectLiteralExpression | undefined {
  const [key] = pluginKeys(style);
  if (style !== "esbuild") return objectOf(configExport(file)?.node, key);
  const [only, ...others] = callsOf(file, "esbuild", /^(?:build|context)$/);
  return others.length === 0 ? objectOf(only?.getArguments()[0], key) : undefined;
}

/**
 * The object that an expression is, or passes to a tool's own `defineConfig`, or that the function it passes returns.
 * Undefined if it could be more than one object, or if another function makes the config: we don't know what that does
 * with its argument.
 */
function objectOf(
  node: Node | undefined,
  key: string | undefined,
  hops = 0,
): ObjectLiteralExpression | undefined {
  const value = bareExpression(node);
  if (value === undefined || hops > 4) return undefined;
  if (Node.isObjectLiteralExpression(value)) return value;
  const next = (inner: Node | undefined) => objectOf(inner, key, hops + 1);
  if (Node.isIdentifier(value)) return next(declaredValue(value, key));
  if (Node.isCallExpression(value)) return definesConfig(value) ? next(value.getArguments()[0]) : undefined;
  if (!Node.isBodied(value) && !Node.isBodyable(value)) return undefined;
  const body = value.getBody();
  if (!Node.isBlock(body)) return next(body);
  const [only, ...others] = body
    .getDescendantsOfKind(SyntaxKind.ReturnStatement)
    .filter((one) => one.getFirstAncestor((node) => Node.isBodied(node) || Node.isBodyable(node)) === value);
  return others.length === 0 ? next(only?.getExpression()) : undefined;
}

/** Does a function return the config that it's given? The helpers that tools have for types do. */
function definesConfig(call: CallExpression): boolean {
  const callee = call.getExpression();
  // Nuxt's and Nitro's are available without an import.
  const isGlobal = callee.getSymbol() === undefined;
  if (isGlobal && ["defineNuxtConfig", "defineNitroConfig"].includes(callee.getText())) return true;
  const file = call.getSourceFile();
  return importedModules(file).some(
    (module) => isToolModule(module) && callsOf(file, module, /^define(?:\w*Config|Project)$/).includes(call),
  );
}
