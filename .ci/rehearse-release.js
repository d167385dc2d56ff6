/**
 * `npm run release:rehearse`: everything that a release does but publishing. It checks that the changelog has a section for the
 * version, that the tag is free, that the work tree is clean, and that the tarball is what users should get; then it prints the
 * command that would publish.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
/** Megabytes. */
const MAX_TARBALL = 1;
const MAX_DIST = 2.5;
/** What each file of a tarball begins with; anything else is not meant for users. */
const MEANT = /^(?:bin|dist|docs|templates)\/|^(?:package\.json|[A-Z-]+\.md|LICENSE|sbom\.cdx\.json)$/;

const problems = [];
const { name, version, repository } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    ...options,
  });
  return { isRight: status === 0, text: `${stdout ?? ""}${stderr ?? ""}${error ?? ""}`.trim(), stdout };
}

function check(title, problem) {
  console.log(
    `${problem === undefined ? "ok     " : "problem"}  ${title}${problem === undefined ? "" : `: ${problem}`}`,
  );
  if (problem !== undefined) problems.push(title);
}

function checkRun(title, { isRight, text }) {
  check(title, isRight ? undefined : text);
}

check("version", /^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version) ? undefined : `${version} is not a version`);
const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
check(
  "changelog",
  changelog.includes(`\n## ${version}`)
    ? undefined
    : `CHANGELOG.md has no section "## ${version}": rename "## Unreleased"`,
);
check(
  "repository",
  repository === undefined ? "package.json names none, and provenance and pictures need it" : undefined,
);
const { text: changes } = run("git", ["status", "--porcelain"]);
check("work tree", changes === "" ? undefined : `there are changes that are not committed:\n${changes}`);
const { text: tag } = run("git", ["tag", "--list", `v${version}`]);
check("tag", tag === "" ? undefined : `v${version} is there already`);
checkRun("build", run("npm", ["run", "build"], { shell: process.platform === "win32" }));

const folder = mkdtempSync(join(tmpdir(), "scope-release-"));
try {
  const packed = run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    shell: process.platform === "win32",
  });
  const [{ filename, files, unpackedSize }] = JSON.parse(packed.stdout);
  const tarball = join(folder, filename);
  const stray = files.map(({ path }) => path).filter((path) => !MEANT.test(path));
  check("files", stray.length === 0 ? undefined : `not meant for users: ${stray.join(", ")}`);
  const dist = files.filter(({ path }) => path.startsWith("dist/")).reduce((sum, { size }) => sum + size, 0);
  const megabytes = (bytes) => (bytes / 1e6).toFixed(2);
  check(
    `size: ${megabytes(statSync(tarball).size)} MB packed, ${megabytes(unpackedSize)} MB unpacked, dist ${megabytes(dist)} MB`,
    statSync(tarball).size > MAX_TARBALL * 1e6 || dist > MAX_DIST * 1e6
      ? `more than ${MAX_TARBALL} MB packed or ${MAX_DIST} MB of dist`
      : undefined,
  );
  const bin = (program) => join(ROOT, "node_modules", ".bin", program);
  checkRun("publint", run(bin("publint"), ["--strict", tarball]));
  checkRun("types (attw)", run(bin("attw"), [tarball, "--profile", "esm-only"]));
} finally {
  rmSync(folder, { recursive: true });
}

if (problems.length > 0) {
  console.log(`\n${name} ${version} is not ready: ${problems.join(", ")}.`);
  process.exitCode = 1;
} else {
  console.log(`\n${name} ${version} is ready. From a pipeline, which alone can prove where it was built:`);
  console.log(`  git tag v${version} && git push origin v${version}`);
  console.log("  npm publish --provenance --access public");
  console.log(
    `Reserve "scope-gen" too: without the package, "npx scope-gen" asks for a package of that name.`,
  );
}
