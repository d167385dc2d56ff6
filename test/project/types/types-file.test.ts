import { describe, expect, it } from "vitest";
import { emitTypes, SHARED_TYPES_FILE } from "../../../src/compiler/3-emit/types/emit-types.ts";
import { declarationBlocks } from "../../../src/project/types/same-declarations.ts";
import { compile, HOSTILE_TEXTS } from "../../compiler/prompts.ts";
import { createProject } from "../../types/project.ts";

const NAMES = [
  "sourceMappingURL=x",
  "a-->b",
  "<!--<script></script>",
  "/* */",
  "next\u0085line",
  "\u007f\u009f\ufeff\u2028",
  "\ud800",
  'quotes " \\ \\" {',
  "\\M \\x85",
  ...HOSTILE_TEXTS,
];
// An asterisk is written %2A in a specifier.
const specifiers = NAMES.map((name) => `scope:${name.replaceAll("*", "%2A")}`);
const emitted = emitTypes(
  specifiers.map((specifier, i) => ({
    specifier,
    compiled: compile("{{x}}", { name: NAMES[i] as string }),
    snapshotFile: "scope/x.json",
  })),
  { dtsFile: "scope.d.ts" },
);

describe("the blocks of a types file", () => {
  it("are found by the specifiers that they declare, whatever the names contain", () => {
    expect(new Set(declarationBlocks(emitted.code).keys())).toEqual(new Set(specifiers));
    const blocks = declarationBlocks(emitted.code.replaceAll("\n", "\r\n"));
    expect(new Set(blocks.keys())).toEqual(new Set(specifiers));
  });

  it("of a file that was edited by hand don't cause a failure", () => {
    const edited = `declare module "a\\M" {\n  const x: 1;\n}\n${emitted.code}`;
    expect(declarationBlocks(edited).size).toBe(specifiers.length + 1);
  });

  it("declare what an import means by that name", async () => {
    // Half of a surrogate pair cannot stand in a source file.
    const imported = specifiers.filter((specifier) => !/\p{Surrogate}/u.test(specifier));
    const uses = imported.map(
      (specifier, i) =>
        `import p${i} from ${JSON.stringify(specifier).replaceAll("\u2028", "\\u2028")};\np${i}({ x: 1 });`,
    );
    const project = await createProject({
      "scope.d.ts": emitted.code,
      "shared.d.ts": SHARED_TYPES_FILE,
      "uses.ts": uses.join("\n"),
    });
    try {
      expect(await project.tsc("6", { module: "preserve", moduleResolution: "bundler" })).toEqual([]);
    } finally {
      await project.remove();
    }
  });
});
