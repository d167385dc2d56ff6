import { dirname, join } from "node:path";
import { VERSION } from "../../client/user-agent.ts";
import { readTextIfThere } from "../../snapshot/write-file.ts";
import { installCommand, type PackageManager } from "../project-files/detect-tools.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { inRange } from "./version-range.ts";

/** `engines.node` of package.json. A test holds the two together. */
export const NODE_RANGE = "^20.19.0 || >=22.12.0";

/** `peerDependencies` of package.json. A test holds the two together. */
export const PEER_RANGES: Readonly<Record<string, string>> = {
  "@farmfe/core": "^1.7.0",
  "@rspack/core": "^1.0.0 || ^2.0.0",
  esbuild: ">=0.25.0",
  next: "^16.0.0",
  rolldown: "^1.0.0",
  rollup: "^4.0.0",
  typescript: ">=5.6.0",
  vite: "^6.0.0 || ^7.0.0 || ^8.0.0",
  webpack: "^5.90.0",
};

export function examineNode(version: string): Finding {
  return inRange(version, NODE_RANGE)
    ? ok("Node", version)
    : problem("Node", `${version} is not supported.`, "Use Node 20.19 or newer, or 22.12 or newer.");
}

/** This package as the project has it, and the packages that it works with. */
export async function examineVersions(
  root: string,
  packageManager: PackageManager,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const installed = await installedVersion(root, "unplugin-scope");
  if (installed === undefined) {
    findings.push(
      warning(
        "package",
        "unplugin-scope is not installed in this project.",
        `Run: ${installCommand(packageManager)}`,
      ),
    );
  } else if (installed !== VERSION) {
    findings.push(
      problem(
        "package",
        `The project has unplugin-scope ${installed}, and this scope-gen is ${VERSION}.`,
        "Run the project's own: npx scope-gen doctor",
      ),
    );
  } else findings.push(ok("package", `unplugin-scope ${installed}`));
  const found: string[] = [];
  for (const [name, range] of Object.entries(PEER_RANGES)) {
    const version = await installedVersion(root, name);
    if (version === undefined) continue;
    if (inRange(version, range)) found.push(`${name} ${version}`);
    else {
      findings.push(
        problem(
          "versions",
          `${name} ${version} does not go with unplugin-scope ${VERSION}.`,
          `It needs ${name} ${range}.`,
        ),
      );
    }
  }
  if (found.length > 0) findings.push(ok("versions", found.join(", ")));
  return findings;
}

/** The version that an import from `root` would find; undefined where there is none. */
async function installedVersion(root: string, name: string): Promise<string | undefined> {
  for (let folder = root; ; folder = dirname(folder)) {
    const own = await readManifest(join(folder, "package.json"));
    // A package finds itself.
    if (own?.name === name) return own.version;
    const installed = await readManifest(join(folder, "node_modules", name, "package.json"));
    if (installed !== undefined || dirname(folder) === folder) return installed?.version;
  }
}

async function readManifest(file: string): Promise<{ name?: string; version?: string } | undefined> {
  const text = await readTextIfThere(file);
  if (text === undefined) return undefined;
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
