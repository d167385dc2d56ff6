import { ts } from "ts-morph";
import { loadTsconfigs, NO_TSCONFIG, type Tsconfig } from "../analysis/load-tsconfigs.ts";
import { CHECKS_ONLY, OverlayHost } from "../analysis/overlay-host.ts";

/** A parsed script, and what its types are. */
export interface TypedScript {
  readonly source: ts.SourceFile;
  readonly checker: ts.TypeChecker;
  readonly program: ts.Program;
}

/** A value can be something that a prompt doesn't take. */
export interface TypeProblem {
  /** As TypeScript writes it. */
  readonly type: string;
}

/**
 * Reads scripts with their types, by the tsconfig of each: with that one's declarations, but none of its other files
 * that nothing imports.
 *
 * @param files absolute
 * @param warn called with what makes types less certain
 * @throws ConfigurationError `tsconfig_invalid`
 */
export function typedScripts(
  files: readonly string[],
  warn: (text: string) => void,
): ReadonlyMap<string, TypedScript> {
  const tsconfigs = loadTsconfigs(files, warn);
  const byConfig = new Map<Tsconfig | undefined, string[]>();
  for (const file of files) {
    const config = tsconfigs.all.find((one) => one.files.includes(file)) ?? tsconfigs.nearest(file);
    byConfig.set(config, [...(byConfig.get(config) ?? []), file]);
  }
  const scripts = new Map<string, TypedScript>();
  for (const [config, members] of byConfig) {
    const options: ts.CompilerOptions = {
      ...(config?.options ?? NO_TSCONFIG),
      // Otherwise a value that can be undefined looks like one that can't.
      strictNullChecks: true,
      allowJs: true,
      ...CHECKS_ONLY,
    };
    const declarations = config?.files.filter((file) => /\.d\.[cm]?ts$/.test(file)) ?? [];
    const program = ts.createProgram({
      rootNames: [...members, ...declarations],
      options,
      host: new OverlayHost(options).host,
    });
    // Making it links each node to its parent.
    const checker = program.getTypeChecker();
    for (const file of members) {
      const source = program.getSourceFile(file);
      if (source !== undefined) scripts.set(file, { source, checker, program });
    }
  }
  return scripts;
}

/** What is wrong with the type of a value; `"unknown"` if it's `any`. */
export function typeProblem(
  expression: ts.Expression,
  checker: ts.TypeChecker,
): TypeProblem | "unknown" | undefined {
  const type = checker.getTypeAtLocation(expression);
  if ((type.flags & ts.TypeFlags.Any) !== 0) return "unknown";
  const allowed = [
    checker.getStringType(),
    checker.getNumberType(),
    checker.getBigIntType(),
    checker.getBooleanType(),
  ];
  const fits = (one: ts.Type) => allowed.some((other) => checker.isTypeAssignableTo(one, other));
  const isRight = type.isUnion() ? type.types.every(fits) : fits(type);
  return isRight ? undefined : { type: checker.typeToString(type) };
}
