import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");

/** Where builds leave the list; pack-files.ts puts it beside the notices. */
export const BUNDLED = join(ROOT, "dist", "sbom.cdx.json");

interface Component {
  readonly purl: string;
}

/** Of all builds of this process, by package URL. */
const found = new Map<string, Component>();

/** A chunk or asset, as Rolldown and Vite give it to `writeBundle`. */
interface Written {
  readonly modules?: Readonly<Record<string, { readonly renderedLength: number }>>;
}

/**
 * Writes which packages have code in what is built, as a CycloneDX list (an SBOM): the dependencies that an audit of an
 * install would not see. A plugin for every part of the build.
 *
 * @param continues add to the list of the process before this one; all builds of one process make one list
 */
export function bundledPackages({ continues }: { readonly continues: boolean }) {
  return {
    name: "bundled-packages",
    writeBundle(_: unknown, bundle: Readonly<Record<string, Written>>) {
      if (continues) for (const one of readList()) found.set(one.purl, one);
      for (const [file, { modules = {} }] of Object.entries(bundle)) {
        // Types hold no code.
        if (!file.endsWith(".js")) continue;
        for (const [id, { renderedLength }] of Object.entries(modules)) {
          const component = renderedLength > 0 ? componentOf(id) : undefined;
          if (component !== undefined) found.set(component.purl, component);
        }
      }
      writeFileSync(BUNDLED, `${JSON.stringify(listOf([...found.values()]), null, 2)}\n`);
    },
  };
}

function componentOf(id: string) {
  const [, folder] = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/?]+)/.exec(id) ?? [];
  if (folder === undefined) return undefined;
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const [scope, rest] = name.startsWith("@") ? name.split("/") : [undefined, name];
  const purl = `pkg:npm/${scope === undefined ? "" : `${encodeURIComponent(scope)}/`}${rest}@${version}`;
  return {
    type: "library",
    "bom-ref": purl,
    ...(scope === undefined ? {} : { group: scope }),
    name: rest,
    version,
    licenses: [{ license: { id: license } }],
    purl,
  };
}

/** Without a time or a number of its own: the same build is the same file. */
function listOf(components: readonly Component[]) {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const purl = `pkg:npm/${name}@${version}`;
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "library",
        "bom-ref": purl,
        name,
        version,
        licenses: [{ license: { id: license } }],
        purl,
      },
    },
    components: components.toSorted((a, b) => (a.purl < b.purl ? -1 : 1)),
  };
}

function readList(): readonly Component[] {
  return JSON.parse(readFileSync(BUNDLED, "utf8")).components;
}
