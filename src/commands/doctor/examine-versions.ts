import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import manifestText from "../../../package.json?raw";
import { VERSION } from "../../client/http/user-agent.ts";
import { readTextIfThere } from "../../files/write-file.ts";
import { installCommand, type PackageManager, runnerOf } from "../../project/config/package-manager.ts";
import { readManifest } from "../project-files/manifest.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { SUPPORTED_VERSIONS } from "./supported-versions.ts";
import { inRange } from "./version-range.ts";

const MANIFEST: { readonly engines: { readonly node: string } } = JSON.parse(manifestText);

export function examineNode(version: string): Finding {
  return inRange(version, MANIFEST.engines.node)
    ? ok("Node", version)
    : problem("Node", `${version} is not supported.`, "Use Node 20.19 or newer, or 22.12 or newer.");
}

/**
 * This package as the project has it, and the packages that it works with.
 *
 * @param isWorkspace is `root` that of a workspace?
 */
export async function examineVersions(
  root: string,
  packageManager: PackageManager,
  isWorkspace = false,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const installed = await installedVersion(root, "unplugin-scope");
  if (installed === undefined) {
    findings.push(
      warning(
        "package",
        "unplugin-scope is not installed in this project.",
        `Run: ${installCommand(packageManager, isWorkspace)}`,
      ),
    );
  } else if (installed !== VERSION) {
    findings.push(
      problem(
        "package",
        `The project has unplugin-scope ${installed}, and this scope-gen is ${VERSION}.`,
        `Run the project's own: ${runnerOf(packageManager)} scope-gen doctor`,
      ),
    );
  } else findings.push(ok("package", `unplugin-scope ${installed}`));
  const found: string[] = [];
  for (const [name, range] of Object.entries(SUPPORTED_VERSIONS)) {
    const version = await installedVersion(root, name);
    if (version === undefined) continue;
    if (inRange(version, range)) found.push(`${name} ${version}`);
    else if (name === "typescript") {
      // Builds and `check` don't need it; the types may be read by it all the same.
      const what = `typescript ${version} is older than what the types are tested with.`;
      findings.push(warning("versions", what, `Update to typescript ${range}.`));
    } else {
      findings.push(
        problem(
          "versions",
          `${name} ${version} is not supported by unplugin-scope ${VERSION}.`,
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
    const own = await manifestAt(join(folder, "package.json"));
    // A package finds itself.
    if (own?.name === name) return own.version;
    const installed = await manifestAt(join(folder, "node_modules", name, "package.json"));
    if (installed !== undefined) return installed.version;
    if (dirname(folder) === folder) return pluggedVersion(root, name);
  }
}

/** The version that Yarn's Plug'n'Play finds: in an archive, which only a process under its hooks can read. */
async function pluggedVersion(root: string, name: string): Promise<string | undefined> {
  if (process.versions.pnp === undefined) return undefined;
  try {
    return createRequire(join(root, "package.json"))(`${name}/package.json`).version;
  } catch {
    // Not among what the project depends on, or not exported: as good as not installed.
    return undefined;
  }
}

async function manifestAt(file: string): Promise<{ name?: string; version?: string } | undefined> {
  const text = await readTextIfThere(file);
  return text === undefined ? undefined : readManifest(text);
}
