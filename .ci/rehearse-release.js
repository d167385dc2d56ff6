/**
 * `npm run release:rehearse`: everything that a release does but publishing. It checks that package.json says where the package
 * comes from, that the changelog has a section for the version, that the tag is free or this commit's, that the work tree is
 * clean, and that the tarball is what users should get. The release workflow runs it before it publishes.
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
const MEANT =
  /^(?:bin|dist|docs|skills|templates)\/|^(?:package\.json|[A-Z-]+\.md|LICENSE|llms(?:-full)?\.txt|sbom\.cdx\.json)$/;
/** Fields of package.json that a published page needs, and why. */
const NEEDED = {
  repository: "npm compares it with where a package was built, and the README's pictures are found by it",
  bugs: "npm shows it as the place for problems",
  homepage: "npm shows it as the documentation",
};

const problems = [];
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const { name, version } = manifest;

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
for (const [field, reason] of Object.entries(NEEDED))
  check(field, manifest[field] ? undefined : `package.json has none: ${reason}`);
const { text: changes } = run("git", ["status", "--porcelain"]);
check("work tree", changes === "" ? undefined : `there are changes that are not committed:\n${changes}`);
const commitOf = (revision) => run("git", ["rev-parse", "--quiet", "--verify", `${revision}^{commit}`]).text;
const tagged = commitOf(`v${version}`);
check("tag", ["", commitOf("HEAD")].includes(tagged) ? undefined : `v${version} is another commit`);

const folder = mkdtempSync(join(tmpdir(), "scope-release-"));
try {
  const quietly = ["--json", "--foreground-scripts=false"];
  const packed = run("npm", ["pack", ...quietly, "--pack-destination", folder], {
    shell: process.platform === "win32",
  });
  checkRun("build and pack", packed);
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
  console.log(`\n${name} ${version} is ready. The tag starts the workflow that publishes it:`);
  console.log(`  git tag v${version} && git push origin v${version}`);
  console.log(
    `Reserve "scope-gen" too: without the package, "npx scope-gen" asks for a package of that name.`,
  );
}
