import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../support/run.ts";

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
}

const json = async (path: string) => JSON.parse(await readFile(join(ROOT, path), "utf8"));

/** What the build found in its own output. */
const sbom: { readonly components: readonly Component[] } = await json("dist/sbom.cdx.json");
const nameOf = ({ group, name }: Component) => (group === undefined ? name : `${group}/${name}`);

async function notice(name: string): Promise<string> {
  const folder = join(ROOT, "node_modules", name);
  const { license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  expect(file, `${name} has no licence file`).toBeDefined();
  const text = await readFile(join(folder, file as string), "utf8");
  return `## ${name} (${license})\n\n${text.replaceAll("\r\n", "\n").trim()}\n`;
}

it("the notices contain the licence of every bundled package (updated by vitest --update)", async () => {
  const names = [...new Set(sbom.components.map(nameOf))].sort();
  expect(names).toEqual(expect.arrayContaining(["leven", "svelte"]));
  const notices = await Promise.all(names.map(notice));
  const intro = "# Third-party notices\n\nThe code of these packages is part of this one's files.\n";
  await expect([intro, ...notices].join("\n")).toMatchFileSnapshot(join(ROOT, "THIRD-PARTY-NOTICES.md"));
});

// Issue 24, row 13.
it("the package contains an SBOM with the versions in the lock file", async () => {
  const { packages } = await json("package-lock.json");
  const { dependencies, files, name, version } = await json("package.json");
  expect(files).toContain("sbom.cdx.json");
  expect(sbom).toMatchObject({
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "library", name, version } },
  });
  for (const component of sbom.components) {
    const own = nameOf(component);
    expect(component).toMatchObject({
      type: "library",
      version: packages[`node_modules/${own}`].version,
      "bom-ref": component.purl,
      purl: `pkg:npm/${own.replace("@", "%40")}@${component.version}`,
      licenses: [{ license: { id: packages[`node_modules/${own}`].license } }],
    });
    // What an install brings is in the user's own audit. Of unplugin that is the root entry's; bundlers' entries hold a copy.
    if (own !== "unplugin") expect(Object.keys(dependencies)).not.toContain(own);
  }
  expect(new Set(sbom.components.map(({ purl }) => purl)).size).toBe(sbom.components.length);
});

it("the lock file is audited on a schedule", async () => {
  const workflow = await readFile(join(ROOT, ".github", "workflows", "audit.yml"), "utf8");
  expect(workflow).toMatch(/^ {2}schedule:\n {4}- cron: "[^"]+"$/m);
  expect(workflow).toContain("npm audit --package-lock-only");
});
