// A TypeScript project of many files and prompts, and a platform folder for it.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Words from a fixed sequence: the same project every time. */
function words(count, seed) {
  let state = seed * 2654435761 + 1;
  const list = [];
  for (let i = 0; i < count; i++) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    list.push(WORDS[state % WORDS.length]);
  }
  return list.join(" ");
}
const WORDS =
  "answer the customer in a calm and friendly tone about order plan refund ticket list each step".split(" ");

const promptName = (index) => `team-${index % 10}/prompt-${index}`;

/** Text of ~`length` characters with three variables, and `extra` ones. */
function promptText(index, length, extra = "") {
  return `Write to {{name}} about {{topic}} on {{day}}.${extra}\n${words(Math.ceil(length / 6), index).slice(0, length - 50)}\n`;
}

/** Writes version `version` of every prompt; later versions have one more metadata key, and some one more variable. */
export async function writePrompts(dir, count, length, version, breaking = 0) {
  for (let from = 0; from < count; from += 200) {
    const batch = Array.from({ length: Math.min(200, count - from) }, (_, i) => from + i);
    await Promise.all(
      batch.map(async (index) => {
        const folder = join(dir, promptName(index));
        await mkdir(folder, { recursive: true });
        const extra = version > 1 && index < breaking ? " {{added}}" : "";
        await writeFile(join(folder, `${version}.md`), promptText(index, length, extra));
        const versions = { 1: { metadata: { model: "m" } }, 2: { metadata: { model: "m", owner: "o" } } };
        await writeFile(join(folder, "prompt.json"), JSON.stringify({ versions }));
      }),
    );
  }
}

/** A source file as applications have them: types, a class, functions, imports of others, and maybe a prompt. */
function sourceFile(index, files, prompts) {
  const others = [1, 7, 31].map((step) => index - step).filter((other) => other >= 0);
  const imports = others.map(
    (other) => `import { make${other}, type Item${other} } from "./file-${other}.js";`,
  );
  const uses =
    index % Math.floor(files / prompts) === 0 ? Math.floor(index / Math.floor(files / prompts)) : undefined;
  const prompt = uses !== undefined && uses < prompts ? uses : undefined;
  if (prompt !== undefined)
    imports.push(`import render${prompt}, { metadata } from "scope:${promptName(prompt)}";`);
  const call =
    prompt === undefined
      ? `"none"`
      : `render${prompt}({ name: item.name, topic: metadata.model, day: item.values.length })`;
  return `${imports.join("\n")}

export interface Item${index} {
  readonly id: number;
  readonly name: string;
  readonly values: readonly number[];
  readonly parent?: ${others.length > 0 ? `Item${others[0]}` : "undefined"} | undefined;
}

export type Key${index} = keyof Item${index};
export type Partial${index} = { [K in Key${index}]?: Item${index}[K] };

export class Store${index} {
  readonly #items = new Map<number, Item${index}>();

  add(item: Item${index}): this {
    this.#items.set(item.id, item);
    return this;
  }

  find(predicate: (item: Item${index}) => boolean): readonly Item${index}[] {
    return [...this.#items.values()].filter(predicate).sort((a, b) => a.name.localeCompare(b.name));
  }

  group<K extends string>(key: (item: Item${index}) => K): Record<K, Item${index}[]> {
    const result = {} as Record<K, Item${index}[]>;
    for (const item of this.#items.values()) (result[key(item)] ??= []).push(item);
    return result;
  }

  async load(source: () => Promise<readonly Partial${index}[]>): Promise<number> {
    const loaded = await source();
    for (const [at, item] of loaded.entries()) this.add({ id: at, name: "", values: [], ...item });
    return loaded.reduce((sum, { values = [] }) => sum + values.length, 0);
  }
}

export function make${index}(id: number): Item${index} {
  const values = Array.from({ length: id % 5 }, (_, at) => at * id);
  return { id, name: \`item \${id}\`, values };
}

export function describe${index}(item: Item${index}): string {
  const total = item.values.map((value) => value * 2).filter((value) => value > 1).reduce((a, b) => a + b, 0);
  return \`\${item.name}: \${total} \${${call}}\`;
}

export const all${index} = [${others.map((other) => `make${other}(${index}).name`).join(", ")}].join(", ");
`;
}

/** Makes a project folder with `files` sources that import `prompts` prompts, and a folder of prompts next to it. */
export async function makeLargeProject(files, prompts) {
  const root = await mkdtemp(join(tmpdir(), "scope-bench-"));
  const app = join(root, "app");
  await mkdir(join(app, "src"), { recursive: true });
  const write = (name, text) => writeFile(join(app, name), text);
  await write("package-lock.json", "{}");
  await write("scope.config.json", "{}");
  await write(
    "tsconfig.json",
    JSON.stringify({
      compilerOptions: {
        target: "ES2022",
        module: "ESNext",
        moduleResolution: "bundler",
        strict: true,
        skipLibCheck: true,
        noEmit: true,
        types: [],
      },
      include: ["src"],
    }),
  );
  for (let index = 0; index < files; index++)
    await write(`src/file-${index}.ts`, sourceFile(index, files, prompts));
  return { app, prompts: join(root, "prompts"), remove: () => rm(root, { recursive: true, force: true }) };
}
