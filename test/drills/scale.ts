// What every command costs for ten prompts, and for ten times as many, again and again.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeApp, temporaryFolder, writeTree } from "../support/app.ts";
import { linkPackage, ROOT } from "../support/run.ts";
import { exponent } from "./growth.ts";
import { type Cost, measured } from "./measured.ts";
import { type PlatformProcess, platformProcess } from "./platform-process.ts";
import { type DrillSize, recordDrill } from "./report.ts";

const SCOPE_GEN = join(ROOT, "bin", "scope-gen.js");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const BUILD = join(ROOT, "test", "bundlers", "build.js");
const DEV = join(import.meta.dirname, "dev-server.js");

/** Commands in the order that they are run in one project, each with what is removed before. */
const STEPS = {
  pull: { program: (_: string) => [SCOPE_GEN, "pull", "--quiet"] },
  check: { program: (_: string) => [SCOPE_GEN, "check", "--quiet"] },
  tsc: { program: (_: string) => [TSC, "--noEmit", "-p", "."] },
  "Vite build, cold": { program: (root: string) => [BUILD, "vite", root], removes: ".scope" },
  "Vite build, cached": { program: (root: string) => [BUILD, "vite", root] },
  "esbuild build, cold": { program: (root: string) => [BUILD, "esbuild", root], removes: ".scope" },
  "esbuild build, cached": { program: (root: string) => [BUILD, "esbuild", root] },
  "dev start": { program: (root: string) => [DEV, root, "src/main.ts", "once"], removes: ".scope" },
} as const;

type Step = keyof typeof STEPS;
const STEP_NAMES = Object.keys(STEPS) as readonly Step[];
type Costs = Readonly<Record<Step, Cost>>;

const SIZES = { short: [5, 20], long: [10, 100, 1000, 10_000] };
/** Ten times as many prompts may cost this power of ten as much: 1 is linear, 2 quadratic. */
const MAX_EXPONENT = 1.3;
/** A process of Node's own holds some 50 MB, Vite and its bundler 130. */
const MAX_MB = 2000;
/** What ten prompts may cost among many, for one that they cost alone. */
const MAX_FOR_TEN = 1.6;
/** It looks at every committed file, also where nothing uses it: a merge that damaged one is a warning. */
const MAX_FOR_CHECK = 2.5;

export function drillScale(size: DrillSize): void {
  const sizes = SIZES[size];
  const costs = new Map<number, Costs>();
  const costsFor = async (count: number): Promise<Costs> => {
    const known = costs.get(count) ?? (await costsOf(count));
    costs.set(count, known);
    return known;
  };

  it("every command takes at most ten times as much for ten times the prompts", {
    timeout: 1_500_000,
  }, async () => {
    const all: Costs[] = [];
    for (const count of sizes) all.push(await costsFor(count));
    const lines = STEP_NAMES.map((step) => {
      const of = all.map((one) => one[step]);
      const cpu = of.map(({ cpuSeconds }) => cpuSeconds);
      // By the two largest: what a command costs without any prompt hides the growth of the small ones.
      const grows = exponent(sizes.slice(-2), cpu.slice(-2));
      expect.soft(grows, `${step}: CPU ${cpu.join(", ")} s`).toBeLessThan(MAX_EXPONENT);
      expect.soft(of.at(-1)?.peakMb, step).toBeLessThan(MAX_MB);
      const shown = (what: keyof Cost, digits: number) =>
        of.map((one) => one[what].toFixed(digits)).join(" / ");
      const cost = `CPU ${shown("cpuSeconds", 1)} s (exponent ${grows.toFixed(2)})`;
      return `${step}: ${shown("seconds", 1)} s, ${cost}, peak ${shown("peakMb", 0)} MB`;
    });
    recordDrill("scale", `${sizes.join(" / ")} prompts: ${lines.join("; ")}`);
  });

  it("importing ten of many prompts costs as much as ten", { timeout: 600_000 }, async () => {
    const held = sizes.at(-1) as number;
    const ten = await costsFor(sizes[0] as number);
    const tenOfMany = await costsOfTen(held);
    const lines = STEP_NAMES.map((step) => {
      const ratio = tenOfMany[step].cpuSeconds / ten[step].cpuSeconds;
      expect.soft(ratio, step).toBeLessThan(step === "check" ? MAX_FOR_CHECK : MAX_FOR_TEN);
      return `${step} ${ratio.toFixed(2)}`;
    });
    recordDrill("scale", `ten of ${held}, CPU against ten alone: ${lines.join(", ")}`);
  });
}

/** What each step costs a project that imports all of so many prompts. */
async function costsOf(count: number): Promise<Costs> {
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
async function costsOfTen(held: number): Promise<Costs> {
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
