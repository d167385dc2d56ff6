import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vite";
import { expect, it } from "vitest";
import { ROOT } from "../support/run.ts";

/** Imported where generated modules lie: the application's own. */
const FRAMEWORKS = ["svelte", "vue"];
/** What of Svelte is in the inspector's page, as its bundler says. */
const IN_PAGE = await packagesInPage();

async function packagesInPage(): Promise<string[]> {
  const configFile = join(ROOT, "vite.inspector.config.ts");
  const built = await build({ configFile, logLevel: "error", build: { write: false } });
  const chunks = (built as { output: { modules?: Record<string, { renderedLength: number }> }[] }).output;
  const ids = chunks.flatMap(({ modules = {} }) =>
    Object.keys(modules).filter((id) => (modules[id]?.renderedLength ?? 0) > 0),
  );
  const names = ids.flatMap((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []);
  return [...new Set(names)];
}

/**
 * The packages whose code is inside `dist`: what `src` imports and an install does not bring, and what these
 * need in turn.
 */
async function bundledPackages(): Promise<string[]> {
  const { dependencies, peerDependencies } = await manifestOf("");
  const found = new Set(FRAMEWORKS);
  const add = async (name: string): Promise<void> => {
    if (found.has(name) || name in { ...dependencies, ...peerDependencies }) return;
    found.add(name);
    const nested = await manifestOf(join("node_modules", name));
    for (const needed of Object.keys(nested.dependencies ?? {})) await add(needed);
  };
  for (const file of await readdir(join(ROOT, "src"), { recursive: true })) {
    // The page is a bundle of its own.
    if (!file.endsWith(".ts") || /^inspector[\\/]page/.test(file)) continue;
    const text = await readFile(join(ROOT, "src", file), "utf8");
    for (const [, specifier] of text.matchAll(
      /(?:^import (?!type )(?:[^";]* from )?|^ *const .* = await import\()"([^."][^":]*)"/gm,
    )) {
      const [scopeOrName = "", name] = (specifier as string).split("/");
      await add(scopeOrName.startsWith("@") ? `${scopeOrName}/${name}` : scopeOrName);
    }
  }
  const bundled = [...found].filter((name) => !FRAMEWORKS.includes(name));
  return [...new Set([...bundled, ...IN_PAGE])].sort();
}

async function manifestOf(folder: string) {
  return JSON.parse(await readFile(join(ROOT, folder, "package.json"), "utf8"));
}

async function notice(name: string): Promise<string> {
  const folder = join(ROOT, "node_modules", name);
  const { license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  expect(file, `${name} has no licence file`).toBeDefined();
  const text = await readFile(join(folder, file as string), "utf8");
  return `## ${name} (${license})\n\n${text.replaceAll("\r\n", "\n").trim()}\n`;
}

it("the notices hold the licence of every package that is bundled in (written anew by vitest --update)", async () => {
  const names = await bundledPackages();
  expect(names).toContain("valibot");
  const notices = await Promise.all(names.map(notice));
  const intro = "# Third-party notices\n\nThe code of these packages is part of this one's files.\n";
  await expect([intro, ...notices].join("\n")).toMatchFileSnapshot(join(ROOT, "THIRD-PARTY-NOTICES.md"));
});
