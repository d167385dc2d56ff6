import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { blockOf, editedApp, type Judged } from "./edited-app.ts";
import { EDITS, type Edit, METADATA_EDITS } from "./edits.ts";

/** Holds the grades and changes in a file, one edit a line, so that a removal shows there as what it is. */
async function expectFrozen(
  file: string,
  edits: readonly Edit[],
  checked: ReadonlyMap<string, Judged>,
): Promise<void> {
  const lines = edits.map(({ title }, at) =>
    JSON.stringify([title || at, checked.get(`p_${at}`)?.grade, checked.get(`p_${at}`)?.changes]),
  );
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`frozen/${file}`);
}

/** What messages about a broken contract list: what breaks, at most ten. */
function breakingOf(judged: Judged | undefined): readonly string[] {
  const isHarmless =
    /^(text|new metadata|[\w.]+: |metadata "(?:model|effort|seed|stream|temperature)\b)|which every call provides,/;
  return (judged?.changes ?? []).filter((one) => !isHarmless.test(one)).slice(0, 10);
}

describe("an edit", () => {
  it.each([
    ["of any part", EDITS, 100, "edits.txt"],
    ["of metadata that a rule describes", METADATA_EDITS, 30, "metadata-edits.txt"],
  ])(
    "%s has one grade and the same changes in check, builds, previews and live servers",
    {
      timeout: 300_000,
    },
    async (_, edits, number, file) => {
      expect(edits.length).toBeGreaterThanOrEqual(number);
      const app = await editedApp(edits);
      onTestFinished(app.close);
      const { names } = app;
      const stopped = names.filter((_, at) => edits[at]?.grade === "breaking");
      const previews = await app.previews(stopped.length);
      await app.promote();
      const checked = await app.check();
      for (const [at, { title, grade, says = [] }] of edits.entries()) {
        const { grade: found, changes = [] } = checked.get(`p_${at}`) ?? {};
        const shown = says.map((one, index) => changes[index]?.slice(0, one.length));
        expect([title, found, shown]).toEqual([title, grade, says]);
      }
      await expectFrozen(file, edits, checked);
      const { refused, served } = await app.serve();
      for (const name of names) {
        const isStopped = stopped.includes(name);
        const breaking = breakingOf(checked.get(name));
        const preview = blockOf(previews, "preview_contract_changed", name);
        expect([name, preview !== undefined]).toEqual([name, isStopped]);
        for (const message of isStopped ? breaking : []) expect(preview).toContain(message);
        if (!app.live.includes(name)) continue;
        const expected = isStopped ? [1, breaking] : [2, []];
        expect([name, served[name], refused[name] ?? []]).toEqual([name, ...expected]);
      }
      for (const bundler of ["vite", "esbuild"] as const) {
        const kept = await app.build(
          bundler,
          names.filter((name) => !stopped.includes(name)),
        );
        expect(kept.code, kept.stderr).toBe(0);
        // esbuild prints five errors.
        for (let from = 0; from < stopped.length; from += 5) {
          const some = stopped.slice(from, from + 5);
          const { code, stdout, stderr } = await app.build(bundler, some);
          expect(code).toBe(1);
          for (const name of some)
            for (const message of breakingOf(checked.get(name)))
              expect(blockOf(stdout + stderr, "build_contract_changed", name)).toContain(message);
        }
      }
    },
  );

  it("of any kind is judged the same by check, a build and a live server", { timeout: 300_000 }, async () => {
    const sections = ["{{#a}}x{{/a}}", "{{#b}}{{c}}{{/b}}", "{{^a}}no{{/a}}"];
    const names = "{{a}} {{b}} {b} {{A}} {{\u0430}} [[b]] {{a.b}} words \u200b".split(" ");
    const piece = fc.constantFrom(...names, ...sections, "{{ a }}", " ", "\n");
    const text = fc.array(piece, { maxLength: 4 }).map((all) => all.join(""));
    const message = fc.record({ role: fc.constantFrom("user", "system"), content: text });
    const chat = fc.array(message, { maxLength: 2 });
    const content = fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: chat });
    const metadata = fc.record({ n: fc.constantFrom(1, 2, "x"), m: fc.constant(1) }, { requiredKeys: [] });
    const entry = fc.record(
      { provides: fc.constantFrom(["a"], ["c"], ["a", "b"]), syntax: fc.constant("mustache" as const) },
      { requiredKeys: [] },
    );
    const pairs = fc
      .sample(fc.record({ from: content, to: content, metadata: fc.tuple(metadata, metadata), entry }), {
        numRuns: 900,
        seed: 50,
      })
      // An empty version isn't pulled at all.
      .filter(({ from }) =>
        [from].flat().some((one) => /\{\{|[b-z]/.test(typeof one === "string" ? one : one.content)),
      )
      .slice(0, 500)
      // Every third pair differs in words alone.
      .map(({ to, ...one }, at): Edit => {
        const same = typeof one.from === "string" ? `${one.from} more` : one.from;
        return { title: "", grade: "none", ...one, to: at % 3 === 0 ? same : to } as Edit;
      });
    expect(pairs).toHaveLength(500);
    const app = await editedApp(pairs);
    onTestFinished(app.close);
    await app.promote();
    const checked = await app.check();
    await expectFrozen("pairs.txt", pairs, checked);
    const stopped = app.names.filter((name) => checked.get(name)?.grade === "breaking");
    expect(stopped.length).toBeGreaterThan(200);
    expect(app.names.length - stopped.length).toBeGreaterThan(30);
    const { refused, served } = await app.serve();
    for (const name of app.live) {
      const isStopped = stopped.includes(name);
      const expected = isStopped ? [1, breakingOf(checked.get(name))] : [2, []];
      expect([name, served[name], refused[name] ?? []]).toEqual([name, ...expected]);
    }
    const { stdout, stderr } = await app.build("vite", stopped);
    for (const name of stopped) {
      const block =
        blockOf(stdout + stderr, "build_contract_changed", name) ??
        blockOf(stdout + stderr, "template_", name);
      for (const message of breakingOf(checked.get(name))) expect(block, name).toContain(message);
    }
    const kept = await app.build(
      "vite",
      app.names.filter((name) => !stopped.includes(name)),
    );
    expect(kept.code, kept.stderr).toBe(0);
  });
});
