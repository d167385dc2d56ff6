// The recipes of docs/recipes/model-sdks.md, as they are in the page: compiled and run with the packed package.
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect } from "vitest";
import { type Block, readPages } from "../docs/blocks.ts";
import { type ModelServer, startModelServer } from "../sdks/model-server.ts";
import { expectOwnVersions } from "../sdks/own-versions.ts";
import { writeTree } from "../support/app.ts";
import { DevPlatform } from "../support/dev-platform.ts";
import { ROOT, succeed } from "../support/run.ts";
import { Application } from "./application.ts";
import { type Check, supports } from "./support.ts";

const SCHEMA = {
  type: "object",
  properties: { team: { type: "string", enum: ["billing", "support"] }, summary: { type: "string" } },
  required: ["team", "summary"],
  additionalProperties: false,
};
const ANSWER = { team: "billing", summary: "Paid twice." };
const SYSTEM = { role: "system", content: "You help Ada." };
const USER = { role: "user", content: "Why?" };
const MODEL = "openai/gpt-6.1-sol";
const TEXT = "Sort this ticket: I paid twice.";

/** What the fixture's main.js runs. */
type Work = "reply" | "sortMail" | "trace";

interface Sdk {
  /** The package, as it is installed. */
  readonly installed: string;
  readonly title: string;
  /** The code of its recipe, by the file that it goes into; the first has the functions. */
  readonly files: (pages: readonly Block[]) => Readonly<Record<string, string>>;
  /** What the body of a chat is, and what is in that of a text with a schema. */
  readonly chat: object;
  readonly answer: object;
  /** Its recipe yields the summary while it arrives. */
  readonly streams?: boolean;
  /** It has traces of its own, to which the recipe adds the attributes. */
  readonly traces?: boolean;
}

/** The block that imports a package. */
function blockOf(blocks: readonly Block[], text: string): string {
  const found = blocks.find((block) => block.language === "ts" && block.text.includes(text));
  if (found === undefined) throw new Error(`No block has ${text}`);
  return found.text;
}

function importing(from: string, installed = from) {
  return (blocks: readonly Block[]) => ({
    [nameOf(installed)]: blockOf(blocks, ` from "${from}"`)
      .replace(` from "${from}"`, ` from "${installed}"`)
      .replace(` from "${from}/`, ` from "${installed}/`),
  });
}

const nameOf = (installed: string) => installed.replace(/\W+/g, "-").replace(/^-/, "");

/** The constant beginning of the system message is marked for the cache. */
const marked = (mark: object) => [
  { type: "text", text: "You help ", ...mark },
  { type: "text", text: "Ada." },
];
const inText = { role: "user", content: [{ type: "text", text: "Why?" }] };
const responseText = { format: { type: "json_schema", schema: SCHEMA } };
const openai = (installed: string): Sdk => ({
  installed,
  title: "openai",
  files: importing("openai", installed),
  chat: { model: MODEL, temperature: 0.2, max_completion_tokens: 1000, messages: [SYSTEM, USER] },
  answer: { input: expect.stringContaining(TEXT), text: responseText },
});
const anthropic = (installed: string): Sdk => ({
  installed,
  title: "@anthropic-ai/sdk",
  files: importing("@anthropic-ai/sdk", installed),
  chat: {
    model: MODEL,
    max_tokens: 1000,
    system: marked({ cache_control: { type: "ephemeral" } }),
    messages: [inText],
  },
  answer: {
    messages: [{ role: "user", content: expect.stringContaining(TEXT) }],
    // Its helper writes an enum in a way of its own.
    output_config: {
      format: { type: "json_schema", schema: { ...SCHEMA, properties: { summary: { type: "string" } } } },
    },
  },
});
/** Its page's blocks under the names of the other recipes, as `ai` 6 has them too. */
const vercel = (installed: string, change: (code: string) => string = (code) => code): Sdk => ({
  installed,
  title: "ai",
  files: (blocks) => ({
    [nameOf(installed)]: `import { POST } from "./${nameOf(installed)}-recipe.js";
export { sortMail } from "./${nameOf(installed)}-recipe.js";
export async function reply(customer: string, message: string) {
  const body = JSON.stringify({ customer, message });
  return (await POST(new Request("http://localhost/", { method: "POST", body }))).text();
}
`,
    [`${nameOf(installed)}-recipe`]: change(blockOf(blocks, "createTextStreamResponse(")),
  }),
  chat: {
    prompt: [SYSTEM, { role: "user", content: [{ type: "text", text: "Why?" }] }],
    temperature: 0.2,
    maxOutputTokens: 1000,
  },
  answer: {
    prompt: [{ role: "user", content: [{ type: "text", text: expect.stringContaining(TEXT) }] }],
    responseFormat: { type: "json", schema: SCHEMA },
  },
  streams: true,
});
const inputText = { role: "user", content: [{ type: "input_text", text: "Why?" }] };

const SDKS: readonly Sdk[] = [
  openai("openai"),
  openai("openai-6"),
  anthropic("@anthropic-ai/sdk"),
  anthropic("anthropic-0"),
  vercel("ai"),
  // The differences that the page lists.
  vercel("ai-6", (code) =>
    code
      .replace('from "ai"', 'from "ai-6"')
      .replace("instructions: system", "system")
      .replace("stream: textStream", "textStream"),
  ),
  {
    installed: "@google/genai",
    title: "@google/genai",
    files: importing("@google/genai"),
    chat: {
      contents: [{ role: "user", parts: [{ text: "Why?" }] }],
      systemInstruction: { parts: [{ text: SYSTEM.content }] },
      generationConfig: { temperature: 0.2, maxOutputTokens: 1000 },
    },
    answer: {
      contents: [{ role: "user", parts: [{ text: expect.stringContaining(TEXT) }] }],
      generationConfig: { responseMimeType: "application/json", responseJsonSchema: SCHEMA },
    },
  },
  {
    installed: "@langchain/core",
    title: "@langchain/core",
    traces: true,
    files: (blocks) => ({ "langchain-core": blockOf(blocks, ' from "@langchain/openai"') }),
    chat: { model: MODEL, temperature: 0.2, max_tokens: 1000, messages: [SYSTEM, USER] },
    answer: {
      messages: [{ role: "user", content: expect.stringContaining(TEXT) }],
      response_format: { json_schema: { schema: SCHEMA } },
    },
  },
  {
    installed: "@openai/agents",
    title: "@openai/agents",
    traces: true,
    files: importing("@openai/agents"),
    chat: {
      model: MODEL,
      temperature: 0.2,
      max_output_tokens: 1000,
      instructions: SYSTEM.content,
      input: [USER],
    },
    answer: {
      input: [{ role: "user", content: expect.stringContaining(TEXT) }],
      text: responseText,
    },
  },
  {
    installed: "@mastra/core",
    title: "@mastra/core",
    traces: true,
    files: (blocks) => ({ "mastra-core": blockOf(blocks, ' from "@mastra/core/agent"') }),
    // Its names for models have the provider, which it takes off. It knows that this one reasons: no temperature.
    chat: {
      model: "gpt-6.1-sol",
      max_output_tokens: 1000,
      input: [{ ...SYSTEM, role: "developer" }, inputText],
    },
    answer: {
      input: [{ role: "user", content: [{ type: "input_text", text: expect.stringContaining(TEXT) }] }],
      text: responseText,
    },
  },
];

let app: Application;
let platform: DevPlatform;
let models: ModelServer;
let nodeVersion: string;
/** The files of each SDK, by what is installed. */
const fileNames = new Map<string, readonly string[]>();
/** What each TypeScript says of all the files. */
const compiled: string[] = [];

beforeAll(async () => {
  models = await startModelServer();
  platform = await DevPlatform.start();
  await platform.save("support_chat", [
    { role: "system", content: "You help {{customer}}." },
    { role: "user", content: "{{message}}" },
  ]);
  await platform.save("triage", "Sort this ticket: {{ticket}}");
  const metadata = { model: MODEL, temperature: 0.2, max_tokens: 1000 };
  await platform.settings("support_chat", { versions: { 1: { metadata } } });
  await platform.settings("triage", {
    versions: { 1: { metadata: { model: MODEL } } },
  });
  app = await Application.install("model-sdks");
  app.env = { ...platform.env, ...models.env, MASTRA_TELEMETRY_DISABLED: "1" };
  nodeVersion = await app.version("node");
  const blocks = (await readPages())
    .flatMap((page) => page.blocks)
    .filter(({ page }) => page.endsWith("recipes/model-sdks.md"));
  for (const sdk of SDKS) {
    const files = Object.entries(sdk.files(blocks));
    fileNames.set(
      sdk.installed,
      files.map(([name]) => `/${name}.ts(`),
    );
    await writeTree(app.root, Object.fromEntries(files.map(([name, text]) => [`src/${name}.ts`, text])));
    const wrong = files.map(([name, text]) => [
      `src/wrong/${name}.ts`,
      text
        .replace("chat({ customer, message })", "chat({ customer, mesage: message })")
        .replaceAll('from "./', 'from "../'),
    ]);
    await writeTree(app.root, Object.fromEntries(wrong));
  }
  await app.succeedBin("scope-gen pull");
  for (const typescript of ["typescript", "typescript-7"]) {
    const tsc = join(app.root, "node_modules", typescript, "bin", "tsc");
    compiled.push((await app.run(process.execPath, [tsc, "-p", ".", "--pretty", "false"])).stdout);
  }
}, 900_000);
afterAll(async () => {
  await app?.remove();
  await platform?.close();
  await models?.close();
}, 60_000);
beforeEach(() => {
  models.asked.length = 0;
  models.answer = JSON.stringify(ANSWER);
});

describe.each(SDKS)("$installed", ({ installed, title, chat, answer, streams, traces }) => {
  let version: string | undefined;
  const name = nameOf(installed);
  const call = (work: Work) =>
    app.bin(`node --import unplugin-scope/register main.js ${name} ${work}`, {
      // Where nothing else listens, its traces go to OpenAI.
      OPENAI_AGENTS_DISABLE_TRACING: work === "trace" ? undefined : "1",
    });
  const read = async (work: Work) => {
    const ran = await succeed(call(work));
    return JSON.parse(ran.stdout);
  };
  const row = () => ({ row: `${title} ${version}`, isSdk: true, nodeVersion });
  const passes = (check: Check, what: string, work: () => Promise<void>) => supports(row, check, what, work);
  beforeAll(async () => {
    version = await app.version(installed);
  });

  passes("types", "right calls pass, a misspelt variable is refused", async () => {
    for (const output of compiled) {
      const own = output
        .split("\n")
        .filter((line) => fileNames.get(installed)?.some((file) => line.includes(file)));
      expect(own).toEqual([expect.stringMatching(/^src\/wrong\/.*'mesage' does not exist/)]);
    }
  });

  passes("chat", "its messages and settings arrive as the provider's API has them", async () => {
    models.answer = "Because.";
    expect(await read("reply")).toBe("Because.");
    expect(models.asked).toMatchObject([{ body: chat }]);
  });

  passes("answer", "its schema arrives, and a wrong answer is refused", async () => {
    expect((await read("sortMail")).answer).toEqual(ANSWER);
    expect(models.asked).toMatchObject([{ body: answer }]);
    models.answer = '{"team":"nobody","summary":""}';
    expect((await call("sortMail")).code).not.toBe(0);
  });

  if (streams)
    passes("stream", "the answer is read while it arrives", async () => {
      const { parts } = await read("sortMail");
      const summaries = [...new Set(parts)].filter((one) => one != null);
      expect(summaries.length).toBeGreaterThan(1);
      expect(summaries.at(-1)).toBe(ANSWER.summary);
      for (const one of summaries) expect(ANSWER.summary.startsWith(one as string)).toBe(true);
    });

  if (traces)
    passes("attributes", "are in its traces", async () => {
      expect(await read("trace")).toMatchObject({
        "scope.prompt.name": expect.stringMatching(/^(?:support_chat|triage)$/),
        "scope.prompt.version": 1,
      });
    });

  if (installed === "@mastra/core")
    passes("spans", "the one with the tokens has the prompt's version", async () => {
      await cp(join(ROOT, "test", "sdks", "spans.js"), join(app.root, "spans.js"));
      const ran = await app.succeed(process.execPath, ["spans.js", "mastra", models.url], models.env);
      expectOwnVersions(JSON.parse(ran.stdout));
    });
});
