import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigurationError } from "../../errors/classes.ts";

/** A Next project has one of these; without one Next itself refuses the folder. */
const ROUTES = ["app", "pages", join("src", "app"), join("src", "pages")];

/**
 * The folder of the Next project, which Turbopack's aliases are relative to. Next doesn't pass it to a config, so it's
 * the folder of the `next.config` that made the call, or else the working directory.
 *
 * @param stack of the call
 * @throws ConfigurationError `next_project_unknown`; a wrong folder would compile and fail in the running server
 */
export function findProjectDir(stack: string, cwd: string): string {
  const configFile = configFileIn(stack);
  const candidates = [...(configFile === undefined ? [] : [dirname(configFile)]), cwd];
  const found = candidates.find((dir) => ROUTES.some((routes) => existsSync(join(dir, routes))));
  if (found !== undefined) return found;
  throw new ConfigurationError(
    "The folder of the Next project is not known: none of these has app or pages.",
    {
      code: "next_project_unknown",
      where: { file: [...new Set(candidates)].join(", ") },
      hint: "Call withScope in the next.config that lies in the folder of the project.",
    },
  );
}

function configFileIn(stack: string): string | undefined {
  for (const line of stack.split("\n")) {
    const [, path] = /(?:\(|at )((?:file:|\/|[A-Za-z]:).*next\.config\.[\w.]+?):\d+:\d+\)?$/.exec(line) ?? [];
    if (path !== undefined) return path.startsWith("file:") ? fileURLToPath(path) : path;
  }
  return undefined;
}
