import { afterEach, describe, expect, it, vi } from "vitest";
import { keepOverlay, replace, type ViteHot } from "../../src/runtime/hot-vite.ts";
import { onPromptUpdate } from "../../src/runtime/on-prompt-update.ts";

/** The exports of a prompt's module, as its code hands them over. */
const promptModule = (versionNumber: number) => ({
  name: "greeting",
  label: "production" as const,
  versionId: `id-${versionNumber}`,
  versionNumber,
  render: () => `v${versionNumber}`,
});
type HotModule = ReturnType<typeof promptModule>;

/** An importer of one instance of the module: it has what the bindings were set to last. */
interface Importer {
  module?: HotModule;
}

const turn = () => new Promise((done) => setTimeout(done));

/** The part of Vite's client that a module meets: data that outlives it, events, and a socket. */
class FakeHot implements ViteHot {
  readonly data: ViteHot["data"] = {};
  readonly #callbacks = new Map<string, Parameters<ViteHot["on"]>[1]>();

  on(...[event, callback]: Parameters<ViteHot["on"]>): void {
    this.#callbacks.set(event, callback);
  }

  emit(event: string): void {
    this.#callbacks.get(event)?.({ url: "" });
  }

  /** Evaluates an instance of a prompt's module. */
  run(next: HotModule, stamp = `stamp-${next.versionNumber}`): Importer {
    const importer: Importer = {};
    const set = (module: HotModule) => {
      importer.module = module;
    };
    replace(this, next, set, stamp);
    return importer;
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("a prompt's module in Vite", () => {
  it("sets the bindings of every earlier import", () => {
    const hot = new FakeHot();
    const first = hot.run(promptModule(1));
    const second = hot.run(promptModule(2));
    hot.run(promptModule(3));
    for (const { module } of [first, second]) {
      expect(module).toMatchObject({ versionNumber: 3, versionId: "id-3" });
      expect(module?.render()).toBe("v3");
    }
  });

  it("calls back for each new version, and not for a text that runs again", async () => {
    const hot = new FakeHot();
    const updates: unknown[] = [];
    const failing = onPromptUpdate(() => updates.push("first"));
    const stop = onPromptUpdate((update) => updates.push(update));
    hot.run(promptModule(1));
    await turn();
    expect(updates).toEqual([]);
    hot.run(promptModule(2));
    hot.run(promptModule(2));
    await turn();
    const update = { name: "greeting", label: "production", versionId: "id-2", versionNumber: 2 };
    expect(updates).toEqual(["first", update]);
    stop();
    failing();
    hot.run(promptModule(3));
    await turn();
    expect(updates).toHaveLength(2);
  });

  it("calls back for the same version with another text", async () => {
    const hot = new FakeHot();
    const updates: unknown[] = [];
    const stop = onPromptUpdate((update) => updates.push(update));
    for (let time = 0; time < 2; time++) hot.run(promptModule(1), "stamp");
    hot.run(promptModule(1), "another text");
    await turn();
    stop();
    expect(updates).toHaveLength(1);
  });
});

describe("the overlay of a problem", () => {
  /** A page with overlays: ours has the name of the plugin in its text. */
  function openPage(...texts: string[]) {
    const overlays: { shadowRoot: { textContent: string }; remove(): void }[] = [];
    const show = (textContent: string) => {
      const overlay = {
        shadowRoot: { textContent },
        remove: () => void overlays.splice(overlays.indexOf(overlay), 1),
      };
      overlays.push(overlay);
    };
    texts.forEach(show);
    vi.stubGlobal("document", {
      querySelectorAll: (name: string) => (name === "vite-error-overlay" ? [...overlays] : []),
      body: { append: (overlay: (typeof overlays)[number]) => overlays.push(overlay) },
    });
    const hot = new FakeHot();
    keepOverlay(hot);
    return { hot, show, texts: () => overlays.map(({ shadowRoot }) => shadowRoot.textContent) };
  }

  it("is hidden while Vite updates the page and comes back afterwards, and others stay", () => {
    const page = openPage("[plugin:unplugin-scope] template_invalid", "[plugin:other] fails");
    page.hot.emit("vite:beforeUpdate");
    expect(page.texts()).toEqual(["[plugin:other] fails"]);
    page.hot.emit("vite:afterUpdate");
    expect(page.texts()).toContain("[plugin:unplugin-scope] template_invalid");
  });

  it("goes for good once the problem is solved", () => {
    const page = openPage("[plugin:unplugin-scope] template_invalid");
    page.hot.emit("vite:beforeUpdate");
    page.hot.emit("unplugin-scope:mended");
    page.hot.emit("vite:afterUpdate");
    expect(page.texts()).toEqual([]);
  });
});
