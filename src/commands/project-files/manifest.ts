/** A package.json, as far as we know it. */
export type Manifest = Readonly<Record<string, unknown>>;

/** Names of all packages that a package.json depends on. */
export function packagesOf(manifest: Manifest): ReadonlySet<string> {
  return new Set(
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"].flatMap((key) =>
      Object.keys(Object(manifest[key])),
    ),
  );
}

/** What a package.json says; nothing if the text isn't one. */
export function readManifest(text: string | undefined): Manifest {
  try {
    return Object(text === undefined ? {} : JSON.parse(text));
  } catch (error) {
    // Its package manager reports a package.json that is not JSON.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** All scripts of a package.json, one line each. */
export function scriptsOf(manifest: Manifest): string {
  return Object.values(Object(manifest.scripts)).join("\n");
}

/** The commands of a script, each split into words. Quotes are part of the words. */
export function commandsOf(script: string): readonly (readonly string[])[] {
  return script
    .split(/&&|\|\||[;|&\n]/)
    .map((command) => command.trim().split(/\s+/))
    .filter(([first]) => first !== "");
}
