// What every command costs for ten prompts, and for ten times as many, again and again.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeApp, temporaryFolder, writeTree } from "../support/app.ts";
import { linkPackage, ROOT } from "../support/run.ts";
import { type Cost, measured } from "./measured.ts";
import { type PlatformProcess, platformProcess } from "./platform-process.ts";

const SCOPE_GEN = join(ROOT, "bin", "scope-gen.js");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const BUILD = join(import.meta.dirname, "scale-build.js");

/** Commands in the order that they are run in one project, each with what is removed before. */
const STEPS = {
  pull: { program: (_: string) => [SCOPE_GEN, "pull", "--quiet"] },
  check: { program: (_: string) => [SCOPE_GEN, "check", "--quiet"] },
  tsc: { program: (_: string) => [TSC, "--noEmit", "-p", "."] },
  "Vite build, cold": { program: (root: string) => [BUILD, "vite", root], removes: ".scope" },
  "Vite build, cached": { program: (root: string) => [BUILD, "vite", root] },
  "esbuild build, cold": { program: (root: string) => [BUILD, "esbuild", root], removes: ".scope" },
  "esbuild build, cached": { program: (root: string) => [BUILD, "esbuild", root] },
  "dev start": { program: (root: string) => [BUILD, "dev", root], removes: ".scope" },
} as const;

export type Step = keyof typeof STEPS;
export const STEP_NAMES = Object.keys(STEPS) as readonly Step[];
export type Costs = Readonly<Record<Step, Cost>>;

/** What each step costs a project that imports all of so many prompts. */
export async function costsOf(count: number): Promise<Costs> {
  const dir = await promptFolder(count);
  await using platform = await platformProcess(dir);
  const root = await project(count);
  try {
    return await runSteps(root, platform, STEP_NAMES);
  } finally {
    await remove(root, dir);
  }
}

/** What each step costs a project that imports ten of the prompts that the platform and its snapshot hold. */
export async function costsOfTen(held: number): Promise<Costs> {
  const dir = await promptFolder(held);
  await using platform = await platformProcess(dir);
  const root = await project(held);
  try {
    await runSteps(root, platform, ["pull"]);
    await rm(join(root, "src"), { recursive: true });
    await writeTree(root, sources(10));
    // It removes the types of all the prompts that aren't imported any more, once.
    await runSteps(root, platform, ["pull"]);
    return await runSteps(root, platform, STEP_NAMES);
  } finally {
    await remove(root, dir);
  }
}

async function runSteps(root: string, platform: PlatformProcess, names: readonly Step[]): Promise<Costs> {
  const costs: Partial<Record<Step, Cost>> = {};
  for (const name of names) {
    const step: { program: (root: string) => readonly string[]; removes?: string } = STEPS[name];
    if (step.removes !== undefined) await rm(join(root, step.removes), { recursive: true, force: true });
    costs[name] = await measured(step.program(root), { cwd: root, env: platform.env });
  }
  return costs as Costs;
}

const TEXT = "Answer in a calm and friendly tone, about the order and the plan, in a list of steps.\n".repeat(
  7,
);

async function promptFolder(count: number): Promise<string> {
  const dir = await temporaryFolder();
  const texts = Array.from({ length: count }, (_, i) => [
    `team-${i % 10}/prompt-${i}/1.md`,
    `Write to {{name}} about {{topic}}, as number ${i}.\n${TEXT}`,
  ]);
  await writeTree(dir, Object.fromEntries(texts));
  return dir;
}

async function project(count: number): Promise<string> {
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    "scope.config.json": "{}",
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        target: "ES2022",
        module: "ESNext",
        moduleResolution: "bundler",
        strict: true,
        skipLibCheck: true,
        allowImportingTsExtensions: true,
        noEmit: true,
        types: [],
      },
      include: ["src"],
    }),
  });
  await writeTree(root, sources(count));
  await linkPackage(root);
  return root;
}

/** Prompts that one source file imports. */
const PER_FILE = 100;

/** Files that each call some prompts, and one that calls them all. */
function sources(count: number): Record<string, string> {
  const files = Array.from({ length: Math.ceil(count / PER_FILE) }, (_, i) => i);
  const main = [
    ...files.map((i) => `import { length as length${i} } from "./part-${i}.ts";`),
    `export default [${files.map((i) => `length${i}`).join(", ")}].reduce((sum, length) => sum + length);`,
    "",
  ];
  const parts = files.map((i) => [
    `src/part-${i}.ts`,
    part(i * PER_FILE, Math.min(count, (i + 1) * PER_FILE)),
  ]);
  return { "src/main.ts": main.join("\n"), ...Object.fromEntries(parts) };
}

function part(from: number, to: number): string {
  const indices = Array.from({ length: to - from }, (_, i) => from + i);
  return [
    ...indices.map((i) => `import p${i} from "scope:team-${i % 10}/prompt-${i}";`),
    "export const length = [",
    ...indices.map((i) => `  p${i}({ name: "Ada", topic: "looms" }),`),
    '].join("").length;',
    "",
  ].join("\n");
}

async function remove(...folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, maxRetries: 5 });
}
