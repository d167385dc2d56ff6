import manifestText from "../../../package.json?raw";
import { VERSION } from "../../client/http/user-agent.ts";
import {
  installCommand,
  installedVersion,
  type PackageManager,
  runnerOf,
} from "../../project/config/package-manager.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

const MANIFEST: { readonly engines: { readonly node: string } } = JSON.parse(manifestText);

/**
 * What this package works with. package.json accepts any version of these optional peers: otherwise npm would refuse to
 * install anything because of one that is too old, such as the TypeScript that a starter pins.
 */
export const SUPPORTED_VERSIONS: Readonly<Record<string, string>> = {
  "@farmfe/core": "^1.7.0",
  "@rspack/core": "^1.0.0 || ^2.0.0",
  esbuild: ">=0.25.0",
  "gpt-tokenizer": ">=3.0.0",
  next: "^15.0.0 || ^16.0.0",
  nuxt: "^3.0.0 || ^4.0.0",
  rolldown: "^1.0.0",
  rollup: "^4.0.0",
  typescript: ">=5.6.0",
  vite: "^6.0.0 || ^7.0.0 || ^8.0.0",
  webpack: "^5.90.0",
};

export function examineNode(version: string): Finding {
  return inRange(version, MANIFEST.engines.node)
    ? ok("Node", version)
    : problem("Node", `${version} isn't supported.`, "Use Node 20.19 or newer, or 22.12 or newer.");
}

/**
 * This package as installed in the project, and the packages that it works with.
 *
 * @param isWorkspace is `root` the root of a workspace?
 */
export function examineVersions(
  root: string,
  packageManager: PackageManager,
  isWorkspace = false,
): readonly Finding[] {
  const found: string[] = [];
  const findings = [examinePackage(root, packageManager, isWorkspace)];
  for (const [name, range] of Object.entries(SUPPORTED_VERSIONS)) {
    const version = installedVersion(root, name);
    if (version === undefined) continue;
    if (inRange(version, range)) found.push(`${name} ${version}`);
    else if (name === "typescript") {
      // Builds and `check` don't need it, but it may still be what reads the types.
      const what = `typescript ${version} is older than what the types are tested with.`;
      findings.push(warning("versions", what, `Update to typescript ${range}.`));
    } else {
      const what = `${name} ${version} isn't supported by unplugin-scope ${VERSION}.`;
      findings.push(problem("versions", what, `It needs ${name} ${range}.`));
    }
  }
  return found.length === 0 ? findings : [...findings, ok("versions", found.join(", "))];
}

function examinePackage(root: string, manager: PackageManager, isWorkspace: boolean): Finding {
  const installed = installedVersion(root, "unplugin-scope");
  if (installed === VERSION) return ok("package", `unplugin-scope ${installed}`);
  if (installed === undefined) {
    const fix = `Run: ${installCommand(manager, isWorkspace)}`;
    return warning("package", "unplugin-scope isn't installed in this project.", fix);
  }
  const what = `The project has unplugin-scope ${installed}, and this scope-gen is ${VERSION}.`;
  return problem("package", what, `Run the project's own: ${runnerOf(manager)} scope-gen doctor`);
}

/**
 * Is a version in a range as this package writes them: `^1.2.3` and `>=1.2.3`, several of them with `||`? A prerelease
 * counts as its release.
 *
 * @example inRange("22.12.0", "^20.19.0 || >=22.12.0") // true
 */
export function inRange(version: string, range: string): boolean {
  const [release = ""] = version.split("-");
  return range.split("||").some((part) => {
    const [, sign, lowest = ""] = /^\s*(\^|>=)(\S+)\s*$/.exec(part) ?? [];
    if (release.localeCompare(lowest, "en", { numeric: true }) < 0) return false;
    return sign === ">=" || release.split(".")[0] === lowest.split(".")[0];
  });
}
