import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { listPrompts } from "../../src/platform/index.ts";
import type { PromptContent } from "../../src/prompt.ts";
import { LIFE } from "../platform/life-files.ts";
import { serve } from "../platform/platform-helpers.ts";
import { archiveVersion } from "../support/dev-platform.ts";
import { askPython, compare, localClient, python, type Question } from "./comparison.ts";
import { generatePrompts, generateRenders } from "./generate-prompts.ts";
import { type Answer, type Call, type Ranges, runPython } from "./python-sdk.ts";
import { Recording } from "./recording.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/prompts", import.meta.url));
const SEED = 20_250_101;
const COUNT = 1000;

describe(`the official Python SDK (${python === undefined ? "as recorded" : "run here"}) and ours agree`, () => {
  test("on every fixture prompt: production, latest, by ID, pinned, rendered", async () => {
    interface Line {
      readonly files: Readonly<Record<string, string>>;
      readonly answers: readonly Answer[];
    }
    const recording = new Recording<Line>("fixture-prompts");
    // Without Python the recorded files are compared, so that anyone can edit the fixtures.
    const recorded = python === undefined ? recording.read()[0] : undefined;
    const files = recorded?.files ?? readFiles(FIXTURES);
    const { url, dir } = await serve(files);
    const questions = await questionsOf(url, dir);
    const answers = recorded?.answers ?? (await askPython(url, questions));
    const { renderings, differing } = await compare(url, questions, answers);
    recording.writeIfAsked([{ files, answers }]);
    expect(renderings).toBeGreaterThan(50);
    expect(differing).toBeGreaterThan(0);
  });

  test(`on ${COUNT} generated prompts, except for values that were read as template text and for chat`, async () => {
    const prompts = generatePrompts(COUNT, SEED);
    const { url } = await serve(
      Object.fromEntries(
        prompts.flatMap(({ name, files }) =>
          Object.entries(files).map(([file, text]) => [`${name}/${file}`, text]),
        ),
      ),
    );
    const questions = prompts.map(
      ({ name, label, renders, content }): Question => ({ call: { name, label, renders }, content }),
    );
    const recording = new Recording<Answer>("generated-prompts");
    const answers = python === undefined ? recording.read() : await askPython(url, questions);
    const { renderings, differing } = await compare(url, questions, answers);
    recording.writeIfAsked(answers);
    // What others compare with is what this Python says.
    expect(recording.read()).toEqual(answers);
    expect(renderings).toBe(4 * COUNT);
    expect(differing).toBeGreaterThan(100);
    expect(differing).toBeLessThan(renderings / 2);
  });

  test("on the life of a version, except for the error of a pinned one that is archived", async () => {
    const { url, dir, promote } = await serve(LIFE);
    const calls: Call[] = [
      ...["v_1", "v_2", "v_3"].map((version) => ({ name: "p", version })),
      { name: "p" },
      { name: "p", label: "latest" },
      { name: "unpromoted" },
      { name: "none", label: "latest" },
    ];
    const questions = calls.map((call): Question => ({ call, content: "" }));
    const recording = new Recording<Answer>("life");
    const recorded = python === undefined ? recording.read() : [];
    const answers: Answer[] = [];
    const rounds = [];
    for (const promoted of [2, 3]) {
      await promote("p", promoted);
      await archiveVersion(dir, "p", promoted - 1);
      const theirs =
        python === undefined ? recorded.splice(0, calls.length) : await askPython(url, questions);
      answers.push(...theirs);
      const errors = theirs.map((answer) => ("error" in answer ? answer.error : undefined));
      // Both SDKs take a 404 for this one unless a label was given, whatever was asked for.
      const isPinned = (at: number) => calls[at]?.version !== undefined && errors[at] !== undefined;
      expect(errors.filter((_, at) => isPinned(at))).toEqual(
        Array(promoted - 1).fill("NoProductionVersionError"),
      );
      const comparable = <T>(list: readonly T[]) => list.filter((_, at) => !isPinned(at));
      await compare(url, comparable(questions), comparable(theirs));
      rounds.push(theirs.map((answer) => ("error" in answer ? answer.error : answer.status)).slice(0, 5));
    }
    recording.writeIfAsked(answers);
    const none = "NoProductionVersionError";
    expect(rounds).toEqual([
      [none, "published", "draft", "published", "draft"],
      [none, none, "published", "published", "published"],
    ]);
  });

  test("on which characters a variable's name can contain, in all of the Unicode that both know", async () => {
    const recording = new Recording<{ readonly word: Ranges; readonly assigned: Ranges }>("word-characters");
    const live = python && (await runPython(python, { sessions: [], wordCharacters: true })).wordCharacters;
    if (live !== undefined) recording.writeIfAsked([live]);
    const [characters] = live === undefined ? recording.read() : [live];
    const [word, assigned] = [pointsOf(characters?.word), pointsOf(characters?.assigned)];
    const differing: string[] = [];
    for (let point = 0; point < 0x110000; point += 1) {
      const character = String.fromCodePoint(point);
      if (!assigned.has(point) || /^\p{Cn}$/u.test(character)) continue;
      if (/^[\p{L}\p{N}_]$/u.test(character) !== word.has(point)) differing.push(point.toString(16));
    }
    expect(word.size).toBeGreaterThan(100_000);
    expect(differing).toEqual([]);
  });
});

/** Every way of asking for each prompt of the folder, with renderings for what is answered. */
async function questionsOf(url: string, dir: string): Promise<Question[]> {
  await using client = localClient(url);
  const questions: Question[] = [];
  for (const { name, id, production } of await listPrompts(dir)) {
    const latest = await client.getPromptVersion(name, { label: "latest" });
    const pinned = { name, version: latest.id };
    for (const call of [{ name, label: "latest" }, { name: id, label: "latest" }, pinned]) {
      const renders = generateRenders(SEED, latest.content);
      questions.push({ call: { ...call, renders }, content: latest.content });
    }
    const content: PromptContent = production === null ? "" : (await client.getPromptVersion(name)).content;
    questions.push({ call: { name, renders: generateRenders(SEED, content) }, content });
  }
  return questions;
}

function readFiles(dir: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!/\.(md|json)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(dir.length + 1).replaceAll("\\", "/")] = readFileSync(path, "utf8");
  }
  return files;
}

function pointsOf(ranges: Ranges = []): Set<number> {
  const points = new Set<number>();
  for (const [first, last] of ranges) for (let point = first; point <= last; point += 1) points.add(point);
  return points;
}
