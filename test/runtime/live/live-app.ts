import { join } from "node:path";
import { makeApp, replaceFile, temporaryFolder, writeTree } from "../../support/app.ts";

/** What must be in no file that a build writes. */
export const SECRET = "s3cret-that-must-not-be-seen";

/** Prompts with versions that keep the contract of the first, and one that does not. */
export async function makePrompts(): Promise<string> {
  const dir = await temporaryFolder();
  await writeTree(dir, {
    "greeting/1.md": "Hello {{name}} of {{team}}.",
    "greeting/2.md": "Hi {{name}} of {{team}}!",
    "greeting/3.md": "Hi {{name}} of {{team}}, {{mood}}!",
    "triage/1.json": JSON.stringify([{ role: "user", content: "Sort: {{ticket}}" }]),
    "triage/2.json": JSON.stringify([{ role: "user", content: "Please sort: {{ticket}}" }]),
    "notice/1.md": "No variables.",
    "notice/2.md": "None at all.",
  });
  await label(dir, 1);
  return dir;
}

/** Moves the label of every prompt. */
export async function label(dir: string, production: number): Promise<void> {
  const metadata = (model: string) => ({ metadata: { model } });
  const versions = { 1: metadata("small"), 2: metadata("large"), 3: metadata("small") };
  const two = { production: Math.min(production, 2) };
  const settings = { greeting: { production, versions }, triage: two, notice: two };
  // In one step: a poll must not find half a file.
  for (const [name, one] of Object.entries(settings))
    await replaceFile(join(dir, name, "prompt.json"), JSON.stringify(one));
}

const MAIN = `
import plain from "scope:greeting";
import greeting, { content, current, getMetadata, metadata, versionNumber } from "scope:greeting?live";
import * as notice from "scope:notice?live";
import triage from "scope:triage";

const values = { name: "Ada", team: "Looms" };
const held = current();
const shown = () => ({
  text: greeting(values),
  content,
  versionNumber,
  model: metadata.model,
  same: getMetadata("model"),
  triage: triage({ ticket: "{{ticket}}" }),
  notice: notice.render(),
});

async function main() {
  const before = shown();
  const until = Date.now() + 30_000;
  while (Date.now() < until && (versionNumber !== 2 || notice.versionNumber !== 2 || !triage({ ticket: "" })[0].content.startsWith("Please"))) {
    greeting(values);
    triage({ ticket: "" });
    notice.render();
    await new Promise((done) => setTimeout(done, 20));
  }
  console.log(JSON.stringify({ before, after: shown(), held: held.render(values), plain: plain(values) }));
}
main();
`;

/** An app with live prompts: by the import, by the config, without variables, and one import that is not live. */
export function makeLiveApp(files: Readonly<Record<string, string>> = {}): Promise<string> {
  return makeApp({
    "scope.config.json": JSON.stringify({
      prompts: { triage: { live: true } },
      live: { interval: 0.1, maxRequestsPerSecond: 50 },
      dts: false,
    }),
    "src/main.ts": MAIN,
    ...files,
  });
}
