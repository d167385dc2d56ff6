import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { ERROR_BODIES, type ErrorForm, ReferencePlatform } from "./reference-platform.ts";
import { type AllShown, printedBy, WireApp } from "./wire-app.ts";
import { FORMS, shown, versionId } from "./wire-forms.ts";

interface Failing {
  readonly name: string;
  /** Begins to fail. */
  fail(platform: ReferencePlatform): void;
  /** What has to be reported when it's requested. */
  readonly said: readonly string[];
}

/** Both spellings, of which one says something else. */
function contradicting(name: string, otherwise: object, said: readonly string[]): Failing {
  const body = { ...FORMS.both({ name, number: 4 }), ...otherwise };
  return { name, fail: (platform) => platform.serve(name, body), said };
}

const CONTRADICTIONS = [
  contradicting("two_ids", { id: "v_other" }, [
    "id ",
    "version_id",
    "v_other",
    versionId({ name: "two_ids", number: 4 }),
  ]),
  contradicting("two_numbers", { version_number: 9 }, ["version_number", "version,", "9", "4"]),
];

const REFUSALS = (Object.keys(ERROR_BODIES) as ErrorForm[]).map((form): Failing => {
  const name = `refused_${form}`;
  const message = `Not for you, says ${form}`;
  const body = ERROR_BODIES[form]("forbidden", message);
  return { name, fail: (platform) => platform.refuse(name, 403, body), said: [message] };
});

const ALL = [...CONTRADICTIONS, ...REFUSALS];
const NAMES = ALL.map(({ name }) => name);

let platform: ReferencePlatform;
let app: WireApp;
/** What each way says of each prompt, or of all of them. */
const said: Record<string, (name: string) => string | undefined> = {};
/** What is rendered while the platform fails. */
const goOn: Record<string, AllShown> = {};

beforeAll(async () => {
  platform = await ReferencePlatform.start();
  app = await WireApp.make(platform, NAMES, NAMES);
  for (const name of NAMES) platform.serve(name, FORMS.both({ name, number: 3 }));
  const [built, dev, pulled] = await Promise.all([app.build(), app.startDev(), app.cli("pull")]);
  printedBy(built);
  printedBy(pulled);
  await app.dev();

  for (const { fail } of ALL) fail(platform);
  const [live, pull, check, register] = await Promise.all([
    app.runBuilt(4),
    app.cli("pull"),
    app.cli("check"),
    app.register(),
  ]);
  const build = await app.build("vite");
  const { shown: liveShown, problems } = JSON.parse(live.stdout);
  said.live = (name) => problems[name];
  goOn.live = liveShown;
  for (const [way, ran] of Object.entries({ pull, check, register, build })) {
    expect(ran.code, way).toBe(1);
    said[way] = () => ran.stdout + ran.stderr;
  }
  const goesOn = () => dev.count(/The last good version is still served/) >= NAMES.length;
  await waitFor("a line for each prompt", goesOn, { describe: () => dev.output });
  said.dev = () => dev.output;
  goOn.dev = await app.dev();
});
afterAll(async () => {
  await app.close();
  await platform.close();
});

describe.each(ALL)("$name", ({ name, said: wanted }) => {
  it.each(["pull", "build", "dev", "live", "check", "register"])("%s", (way) => {
    const text = said[way]?.(name);
    for (const each of wanted) expect(text, way).toContain(each);
  });

  it("live and dev keep the last good version", () => {
    const good = shown({ name, number: 3 }, { model: "small" });
    expect(goOn.live?.[`${name}?live`]).toEqual(good);
    expect(goOn.dev?.[name]).toEqual(good);
  });
});
