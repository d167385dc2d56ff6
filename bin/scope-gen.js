#!/usr/bin/env node
// Runs under any Node that knows ES modules: the version is checked before anything newer is loaded.
import { readFileSync } from "node:fs";
import module from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isSupported = major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major > 22;

if (!isSupported) {
  process.stderr.write(
    `scope-gen needs Node 20.19 or newer, or 22.12 or newer, and this is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 1;
} else if (process.argv.length === 3 && process.argv[2] === "--version") {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  process.stdout.write(`${version}\n`);
} else {
  // From 22.8 on, Node can keep compiled code for the next start: beside the installed packages, which nobody can write
  // to who can't change the code itself. Node does without where the folder can't be written.
  const installedIn = fileURLToPath(new URL("../../", import.meta.url));
  if (basename(installedIn) === "node_modules")
    module.enableCompileCache?.(join(installedIn, ".cache", "scope-gen"));
  import("../dist/cli.js")
    .then(({ main }) => main())
    .catch((error) => {
      process.stderr.write(`scope-gen could not start: ${error.message}\n`);
      process.exitCode = 1;
    });
}
