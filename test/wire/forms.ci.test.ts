import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ReferencePlatform } from "./reference-platform.ts";
import { type AllShown, printedBy, WireApp } from "./wire-app.ts";
import {
  FORM_NAMES,
  FORMS,
  KINDS,
  type Kind,
  type Shown,
  STORED_MESSAGES,
  shown,
  versionId,
} from "./wire-forms.ts";

interface Cell {
  /** The row of the table: a form of a version. */
  readonly row: string;
  readonly name: string;
  readonly kind: Kind;
  body(number: number): object;
  shown(number: number): Shown;
}

const forms = FORM_NAMES.flatMap((form) =>
  KINDS.map((kind): Cell => {
    const name = `${form}_${kind}`;
    return {
      row: form,
      name,
      kind,
      body: (number) => FORMS[form]({ name, number, kind }),
      shown: (number) => shown({ name, number, kind }, form === "python" ? {} : { model: "small" }),
    };
  }),
);

/** What the tests of the official SDKs have as `prompt_type` of a version whose content is one text. */
const sdkTypes = ["", "chat"].map((type): Cell => {
  const name = `type_${type || "empty"}`;
  return {
    row: `prompt_type "${type}" of one text`,
    name,
    kind: "text",
    body: (number) => ({ ...FORMS.documented({ name, number }), prompt_type: type }),
    shown: (number) => shown({ name, number }, { model: "small" }),
  };
});

const CELLS = [...forms, ...sdkTypes];
const ROWS = [...new Set(CELLS.map(({ row }) => row))];
const NAMES = CELLS.map(({ name }) => name);
const pinned = (name: string) => `${name}?version=${versionId({ name, number: 3 })}`;
const SPECIFIERS = [...NAMES, ...NAMES.map(pinned)];

let platform: ReferencePlatform;
let app: WireApp;
/**
 * What each way shows: the build where nothing is committed yet, all others after the labels have moved from version 3,
 * which is committed, to version 4. The pins stay.
 */
const seen: Record<string, AllShown> = {};
let committed: Awaited<ReturnType<WireApp["committed"]>>;
/** What each way prints apart from its result. */
let said: Readonly<Record<string, string>>;
let checked: readonly { readonly name: string; readonly pin: object }[];

beforeAll(async () => {
  platform = await ReferencePlatform.start();
  app = await WireApp.make(platform, SPECIFIERS, NAMES);
  for (const { name, body } of CELLS) platform.serve(name, body(3));
  const [built, server] = await Promise.all([app.build(), app.startDev()]);
  printedBy(built);
  const [ran, pulled] = await Promise.all([app.runBuilt(), app.cli("pull"), app.dev()]);
  seen.build = JSON.parse(printedBy(ran));
  printedBy(pulled);
  committed = await app.committed();

  for (const { name, body } of CELLS) platform.serve(name, body(4));
  const isNew = (shown: AllShown) => NAMES.every((name) => shown[name]?.versionNumber === 4);
  const [dev, live, register, check] = await Promise.all([
    app.dev(isNew),
    app.runBuilt(4),
    app.register(),
    app.cli("check", "--json"),
  ]);
  seen.dev = dev;
  seen.live = JSON.parse(printedBy(live)).shown;
  seen.register = JSON.parse(printedBy(register));
  checked = JSON.parse(check.stdout).prompts;
  said = {
    build: built.stderr,
    pull: pulled.stderr,
    register: register.stderr,
    dev: server.output,
  };
});
afterAll(async () => {
  await app.close();
  await platform.close();
});

describe.each(ROWS)("a version in this form: %s", (row) => {
  const cells = CELLS.filter((cell) => cell.row === row);

  it.each([
    ["build", 3],
    ["dev", 4],
    ["register", 4],
  ])("%s", (way, labelled) => {
    for (const { name, shown } of cells) {
      expect(seen[way]?.[name], name).toEqual(shown(labelled));
      expect(seen[way]?.[pinned(name)], pinned(name)).toEqual(shown(3));
    }
  });

  it("live", () => {
    for (const { name, shown } of cells) expect(seen.live?.[`${name}?live`], name).toEqual(shown(4));
  });

  it("pull", () => {
    for (const { name, kind, shown } of cells) {
      const { versionId, versionNumber, metadata } = shown(3);
      const content = kind === "text" ? expect.any(Array) : STORED_MESSAGES;
      const file = { name, promptId: `pmt_${name}`, versionId, versionNumber, metadata, content };
      expect(committed[`${name}@production`], name).toMatchObject(file);
      expect(committed[`${name}@${versionId}`], name).toMatchObject(file);
    }
  });

  it("check", () => {
    for (const { name } of cells) {
      expect(checked.filter((one) => one.name === name)).toMatchObject([
        { pin: { label: "production" }, change: "text", from: 3, to: 4 },
        { pin: { version: versionId({ name, number: 3 }) }, change: "none", from: 3, to: 3 },
      ]);
    }
  });
});

it.each(["build", "pull", "register", "dev"])("%s warns of a chat prompt that is one text", (way) => {
  expect(said[way]).toContain('came with prompt_type "chat" and one plain text');
  const numbers = [...(said[way]?.matchAll(/response_chat_text[\s\S]+?version (\d)/g) ?? [])].map(
    ([, one]) => one,
  );
  expect(new Set(numbers)).toEqual(
    new Set({ build: ["3"], pull: ["3"], register: ["4"] }[way] ?? ["3", "4"]),
  );
});
