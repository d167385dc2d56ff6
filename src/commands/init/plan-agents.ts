import { join } from "node:path";
import { readTextIfThere } from "../../files/write-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { eolOf } from "../project-files/edit-text.ts";
import { workspaceFolder } from "../project-files/packages.ts";
import type { Part } from "./plan.ts";

/** The page for coding agents, in the installed package. */
const SKILL = "node_modules/unplugin-scope/skills/unplugin-scope/SKILL.md";

const PARAGRAPH = [
  "## Prompts",
  "",
  `Prompts are imported as \`scope:<name>\` and fetched with \`scope-gen\`. Before you add, change or roll back one, read`,
  `\`${SKILL}\`.`,
  "Don't edit the snapshot or the generated types by hand, and never print credentials.",
];

/** A paragraph for coding agents at the end of the project's `AGENTS.md`, or of the repository's. Creates no such file. */
export async function planAgents({ root }: ResolvedOptions): Promise<Part> {
  for (const folder of new Set([root, workspaceFolder(root)])) {
    const file = join(folder, "AGENTS.md");
    const before = await readTextIfThere(file);
    if (before === undefined) continue;
    // A file that already mentions it doesn't need our words.
    if (before.includes("unplugin-scope")) return {};
    const eol = eolOf(before);
    const gap = before === "" ? "" : before.endsWith("\n") ? eol : eol + eol;
    const after = `${before}${gap}${PARAGRAPH.join(eol)}${eol}`;
    return { change: { file, why: "where coding agents read how prompts work here", before, after } };
  }
  return {};
}
