import { join } from "node:path";
import { readTextIfThere } from "../../../files/write-file.ts";
import { type Manifest, readManifest } from "../manifest.ts";
import { NITRO, type Tool } from "./tool.ts";

const ROLLDOWN = {
  entry: "unplugin-scope/rolldown",
  style: "rolldownConfig.plugins",
  creates: { call: "defineConfig", from: "nitro" },
} as const;

/** Nitro 3 as a project has it: with Rolldown, and with Rollup where its config says so, or before 3.0.1. */
export async function nitroWithBuilder(
  nitro: Tool,
  root: string,
  manifest: Manifest,
  config: string,
): Promise<Tool> {
  const installed = await readTextIfThere(join(root, "node_modules/nitro/package.json"));
  const ranges = [manifest.dependencies, manifest.devDependencies].map((all) => Object(all).nitro);
  const version = readManifest(installed).version ?? ranges.find((range) => range !== undefined);
  const isOld = /^\D?3\.0\.0(?!\d)/.test(String(version));
  const isRollup = isOld || /\bbuilder:\s*["']rollup["']/.test(config) || config.includes(NITRO.entry);
  return isRollup ? nitro : { ...nitro, ...ROLLDOWN };
}
