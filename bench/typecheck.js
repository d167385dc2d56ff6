// The CPU that tsc takes for a project that calls 1,000 prompts: with the generated types, and with a file of
// `declare module` blocks that a person made for the same exports. Whole processes, user and system time.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadCompiler, promptSource } from "./compile-source.js";
import { manyPrompts } from "./size-prompts.js";
import { median, row } from "./support/measure.js";

export const about =
  "How much CPU `tsc` needs for 1,000 prompts with the generated types, compared with types that you write yourself.";

const PROMPTS = manyPrompts(1000);
const METADATA = { model: "some-model", temperature: 0.5, stop: ["END"] };
/** By version, its package and how often it runs: the faster one is, the more of its time is chance. */
const TYPESCRIPTS = { 5.9: ["typescript-5.9", 9], 7: ["typescript-7", 41] };
const CONFIG = {
  compilerOptions: {
    target: "es2022",
    module: "preserve",
    moduleResolution: "bundler",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  },
  include: ["*.ts"],
};

/** @returns {Promise<{ rows: { name: string, value: number, limit: number | undefined, met: boolean }[] }>} */
export async function run() {
  const dirs = {
    ours: await project(await ourTypes()),
    byHand: await project(Object.fromEntries(typesByHand())),
    inOne: await project({
      "scope.d.ts": typesByHand()
        .map(([, text]) => text)
        .join("\n"),
    }),
  };
  try {
    const rows = [];
    for (const [version, [folder, rounds]] of Object.entries(TYPESCRIPTS)) {
      const ratios = [];
      const ofFiles = [];
      for (let i = 0; i < rounds; i++) {
        const times = {};
        const kinds = ["ours", "byHand", "inOne"];
        for (const kind of i % 2 === 0 ? kinds : kinds.reverse())
          times[kind] = await cpuSeconds(folder, dirs[kind]);
        ratios.push(times.ours / times.byHand);
        ofFiles.push(times.byHand / times.inOne);
      }
      const what = `tsc CPU, 1,000 prompts, TypeScript ${version}`;
      rows.push(
        row(`${what}: generated / hand-made, a file for each`, median(ratios), 1.05),
        row(`${what}: hand-made, a file for each / one file`, median(ofFiles), undefined),
      );
    }
    return { rows };
  } finally {
    for (const dir of Object.values(dirs)) await rm(dir, { recursive: true, force: true });
  }
}

async function project(types) {
  const dir = await mkdtemp(join(tmpdir(), "scope-typecheck-"));
  const files = { ...types, "app.ts": app(), "tsconfig.json": JSON.stringify(CONFIG) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  return dir;
}

function app() {
  const imports = PROMPTS.map(({ name }, i) => `import p${i}, { metadata as m${i} } from "scope:${name}";`);
  const calls = PROMPTS.map(({ variables }, i) => {
    const values = variables.map((name) => `${name}: "x"`);
    return `console.log(p${i}({ ${values.join(", ")} }), m${i}.model);`;
  });
  return `declare const console: { log(...texts: string[]): void };\n${[...imports, ...calls].join("\n")}\n`;
}

/** One file for each prompt, as by default. */
async function ourTypes() {
  const { compilePrompt, emitTypes, SHARED_TYPES_FILE } = await loadCompiler();
  const files = PROMPTS.map(({ name, text }) => {
    const entry = {
      specifier: `scope:${name}`,
      compiled: compilePrompt(promptSource(text, { name, metadata: METADATA })),
      snapshotFile: `scope/${name}@production.json`,
    };
    return [`${name}.d.ts`, emitTypes([entry], { dtsFile: `${name}.d.ts` }).code];
  });
  return Object.fromEntries([...files, ["@shared.d.ts", SHARED_TYPES_FILE]]);
}

function typesByHand() {
  const blocks = PROMPTS.map(({ name, variables }) => {
    const properties = variables.map((one) => `    ${one}: string | number | bigint | boolean;\n`);
    return `declare module "scope:${name}" {
  export interface Variables {
${properties.join("")}  }
  export function render(variables: Variables): string;
  export { render as default };
  export const content: string;
  export const variables: readonly [${variables.map((one) => JSON.stringify(one)).join(", ")}];
  export const metadata: {
    readonly model: string;
    readonly temperature: number;
    readonly stop: readonly string[];
  };
  export function getMetadata<K extends keyof typeof metadata>(key: K, fallback?: unknown): (typeof metadata)[K];
  export function getMetadata<T = undefined>(key: string, fallback?: T): T;
  export const name: "${name}";
  export const label: "production";
  export const promptId: string;
  export const versionId: string;
  export const versionNumber: number;
  export const type: "text";
  export const attributes: {
    readonly "gen_ai.prompt.name": "${name}";
    readonly "scope.prompt.id": string;
    readonly "scope.prompt.version_id": string;
    readonly "scope.prompt.version": number;
    readonly "scope.prompt.label": "production";
    readonly "scope.prompt.environment": string;
  };
}
`;
  });
  return PROMPTS.map(({ name }, at) => [`${name}.d.ts`, blocks[at]]);
}

async function cpuSeconds(folder, dir) {
  const tsc = fileURLToPath(new URL(`../node_modules/${folder}/bin/tsc`, import.meta.url));
  // The shell's clock counts the process and all it started; TypeScript 7 starts one.
  const script = 'TIMEFORMAT="%U %S"; time "$1" "$2" -p "$3" --pretty false >&1';
  const { stdout, stderr } = await promisify(execFile)("bash", [
    "-c",
    script,
    "bash",
    process.execPath,
    tsc,
    dir,
  ]);
  if (stdout !== "") throw new Error(`tsc refused the project:\n${stdout}`);
  const [user, system] = stderr.trim().split(" ").map(Number);
  return user + system;
}
