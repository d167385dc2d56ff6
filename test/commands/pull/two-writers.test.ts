import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { pullPrompts } from "../../../src/commands/pull/pull-prompts.ts";
import { ScopeError } from "../../../src/errors/scope-error.ts";
import { startPlatform } from "../../../src/platform/index.ts";
import { committedVersions } from "../../../src/project/compile-request.ts";
import { openProject } from "../../../src/project/project.ts";
import type { SnapshotEntry } from "../../../src/project/snapshot/format.ts";
import { loadSnapshot, writeSnapshot } from "../../../src/project/snapshot/store.ts";
import { prepareTypes } from "../../../src/project/types/prepare-types.ts";
import { findInCode, makeTypes } from "../../../src/project/types/types-file.ts";
import { updateTypes } from "../../../src/project/types/update-types.ts";
import type { PromptRef } from "../../../src/prompt.ts";
import { makeApp } from "../../support/app.ts";

vi.mock("../../../src/project/types/prepare-types.ts", async (original) => {
  const real = await original<typeof import("../../../src/project/types/prepare-types.ts")>();
  return { ...real, prepareTypes: vi.fn(real.prepareTypes) };
});

const NAMES = ["a", "b", "c", "d", "e", "f"];

async function pulledProject() {
  const dir = await makeApp(Object.fromEntries(NAMES.map((name) => [`${name}/1.md`, `${name} {{one}}`])));
  const platform = await startPlatform({ dir });
  const root = await makeApp({ "scope.config.json": JSON.stringify({ prompts: NAMES }) });
  const project = await openProject({ cwd: root, env: platform.env, isTestRun: false });
  onTestFinished(async () => {
    await project.close();
    await platform.close();
  });
  await pullPrompts(project);
  const { options } = project;
  const file = options.dts as string;
  return { root, project, options, file };
}

type Pulled = Awaited<ReturnType<typeof pulledProject>>;

const production = (name: string): PromptRef => ({ name, pin: { kind: "label", label: "production" } });

/** Commits one prompt with another variable, as another program would. */
async function commit({ options }: Pulled, name: string, variable: string): Promise<void> {
  const entry = (await loadSnapshot(options.snapshotDir, production(name))) as SnapshotEntry;
  await writeSnapshot(options.snapshotDir, {
    ...entry,
    version: { ...entry.version, content: `${name} {{${variable}}}`, declaredVariables: [variable] },
  });
}

/** Another program does something right after the types have been made. */
function overtakenBy(work: () => Promise<unknown>): void {
  const real = vi.mocked(prepareTypes).getMockImplementation() as typeof prepareTypes;
  vi.mocked(prepareTypes).mockImplementationOnce(async (...args) => {
    const outdated = await real(...args);
    await work();
    return outdated;
  });
}

async function expectFit({ options, file }: Pulled): Promise<void> {
  const types = await makeTypes(options, await findInCode(options), committedVersions(options));
  const texts = await textsIn(file);
  expect(texts).toEqual(new Map(types.files.map((one) => [one.file, one.code])));
  for (const { map } of types.files)
    if (map !== undefined) expect(await readFile(map.file, "utf8")).toBe(map.text);
}

async function textsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(folder)).map((name) => join(folder, name));
  return new Map(await Promise.all(files.map(async (one) => [one, await readFile(one, "utf8")] as const)));
}

/** All the types. */
async function textIn(folder: string): Promise<string> {
  return [...(await textsIn(folder)).values()].join("\n");
}

describe("types and snapshot with two writers", () => {
  it.each(["a pull", "the types alone"])("%s is overtaken by another writer", async (kind) => {
    const pulled = await pulledProject();
    overtakenBy(async () => {
      await commit(pulled, "b", "overtaking");
      await updateTypes(pulled.options);
    });
    await commit(pulled, "a", "mine");
    const updated =
      kind === "a pull" ? (await pullPrompts(pulled.project)).types : await updateTypes(pulled.options);
    expect(updated).toMatchObject({ file: pulled.file, written: true });
    await expectFit(pulled);
    expect(await textIn(pulled.file)).toContain("overtaking");
  });

  it("a pull without changes generates the types once, and again if it wrote, to see that they fit", async () => {
    const pulled = await pulledProject();
    vi.mocked(prepareTypes).mockClear();
    expect((await pullPrompts(pulled.project)).types?.written).toBe(false);
    expect(prepareTypes).toHaveBeenCalledTimes(1);
    await commit(pulled, "a", "mine");
    await updateTypes(pulled.options);
    vi.mocked(prepareTypes).mockClear();
    expect((await pullPrompts(pulled.project)).types?.written).toBe(true);
    expect(prepareTypes).toHaveBeenCalledTimes(2);
    await expectFit(pulled);
  });

  it("a pull whose types were already on disk writes them again after another writer", async () => {
    const pulled = await pulledProject();
    const { options, file } = pulled;
    const entry = (await loadSnapshot(options.snapshotDir, production("a"))) as SnapshotEntry;
    const before = await textIn(file);
    // The types say nothing of the id: what is pulled differs, and its types do not.
    await writeSnapshot(options.snapshotDir, {
      ...entry,
      version: { ...entry.version, id: "earlier" },
    });
    await updateTypes(options);
    expect(await textIn(file)).toBe(before);
    overtakenBy(async () => {
      await commit(pulled, "a", "overtaking");
      await updateTypes(options);
    });
    await pullPrompts(pulled.project);
    await expectFit(pulled);
    expect(await textIn(file)).toBe(before);
  });

  it("an import that is added meanwhile is in the types", async () => {
    const pulled = await pulledProject();
    overtakenBy(async () => {
      await writeFile(join(pulled.root, "late.ts"), 'import "scope:a?label=production";\n');
    });
    await commit(pulled, "a", "mine");
    await pullPrompts(pulled.project);
    expect(await textIn(pulled.file)).toContain('"scope:a?label=production"');
  });

  it("an unused prompt that is imported meanwhile isn't pruned", async () => {
    const pulled = await pulledProject();
    const { options } = pulled;
    const [a, z] = [production("a"), production("z")];
    const entry = await loadSnapshot(options.snapshotDir, a);
    await writeSnapshot(options.snapshotDir, { ...(entry as SnapshotEntry), ref: z });
    await commit(pulled, "a", "mine");
    const real = vi.mocked(prepareTypes).getMockImplementation() as typeof prepareTypes;
    vi.mocked(prepareTypes).mockImplementationOnce(async (...args) => {
      await writeFile(join(pulled.root, "late.ts"), 'import "scope:z";\n');
      return real(...args);
    });
    const { unused } = await pullPrompts(pulled.project, { prune: true });
    expect(unused).toEqual([]);
    expect(await loadSnapshot(options.snapshotDir, z)).toBeDefined();
    expect(await textIn(pulled.file)).toContain('declare module "scope:z"');
  });

  it("code that can't be read afterwards is an error that says what was written", async () => {
    const pulled = await pulledProject();
    await commit(pulled, "a", "mine");
    const real = vi.mocked(prepareTypes).getMockImplementation() as typeof prepareTypes;
    vi.mocked(prepareTypes)
      .mockImplementationOnce(real)
      .mockRejectedValueOnce(new ScopeError("src can't be read.", { code: "file_unreadable", where: {} }));
    await expect(pullPrompts(pulled.project)).rejects.toMatchObject({
      code: "file_unreadable",
      message: expect.stringContaining("Snapshot and types were updated"),
      cause: expect.objectContaining({ message: expect.stringContaining("src can't be read") }),
    });
    await expectFit(pulled);
  });

  it("a prompt whose import is removed during a pull without changes is pruned, also from the types", async () => {
    const pulled = await pulledProject();
    const { options, root, file } = pulled;
    const [a, z] = [production("a"), production("z")];
    const entry = (await loadSnapshot(options.snapshotDir, a)) as SnapshotEntry;
    await writeSnapshot(options.snapshotDir, { ...entry, ref: z });
    await writeFile(join(root, "late.ts"), 'import "scope:z";\n');
    await updateTypes(options);
    const { fetchVersion } = pulled.project;
    const project = {
      ...pulled.project,
      fetchVersion: async (ref: PromptRef, signal?: AbortSignal) => {
        await rm(join(root, "late.ts"), { force: true });
        return ref.name === "z"
          ? entry.version
          : (fetchVersion as NonNullable<typeof fetchVersion>)(ref, signal);
      },
    };
    const { unused } = await pullPrompts(project, { prune: true });
    expect(unused).toEqual([z]);
    expect(await textIn(file)).not.toContain('declare module "scope:z"');
    await expectFit(pulled);
  });

  it("two pulls at once that get different versions leave types that fit", async () => {
    const pulled = await pulledProject();
    for (let round = 0; round < 6; round++) {
      const pulls = ["left", "right"].map(async (side) => {
        const texts = NAMES.map((name) => [`${name}/1.md`, `${name} {{${side}_${round}}}`]);
        const platform = await startPlatform({ dir: await makeApp(Object.fromEntries(texts)) });
        const project = await openProject({ cwd: pulled.root, env: platform.env, isTestRun: false });
        await pullPrompts(project);
        await project.close();
        await platform.close();
      });
      await Promise.all(pulls);
      await expectFit(pulled);
    }
  });

  it("several writers, each with its own prompt, leave types that fit whatever the order", async () => {
    const pulled = await pulledProject();
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        NAMES.map(async (name, index) => {
          await new Promise((done) => setTimeout(done, (index * round) % 7));
          await commit(pulled, name, `v${round}_${index}`);
          await updateTypes(pulled.options);
        }),
      );
      await expectFit(pulled);
    }
  });

  it("gives up if the others never stop", async () => {
    const pulled = await pulledProject();
    const real = vi.mocked(prepareTypes).getMockImplementation() as typeof prepareTypes;
    await commit(pulled, "a", "v0");
    let writes = 0;
    vi.mocked(prepareTypes).mockImplementation(async (...args) => {
      const outdated = await real(...args);
      await commit(pulled, "a", `v${++writes}`);
      return outdated;
    });
    onTestFinished(() => void vi.mocked(prepareTypes).mockImplementation(real));
    await expect(updateTypes(pulled.options)).rejects.toMatchObject({ code: "file_changed" });
  });
});
