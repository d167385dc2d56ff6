import { afterEach, describe, expect, it, vi } from "vitest";
import { type HotModule, keepOverlay, replace, type ViteHot } from "../../../src/runtime/hot/vite.ts";
import { onPromptUpdate } from "../../../src/runtime/on-prompt-update.ts";

const URL = "http://localhost/.scope/greeting+vite.js";
/** The exports of a prompt's module, as its code hands them over; a call has to give each variable. */
function promptModule(versionNumber: number, variables: readonly string[] = []): HotModule {
  return {
    name: "greeting",
    label: "production",
    versionId: `id-${versionNumber}`,
    versionNumber,
    variables,
    render(given = {}) {
      const values = given as Record<string, unknown>;
      const missing = variables.filter((name) => values[name] === undefined);
      if (missing.length > 0) throw Error(`Prompt "greeting" lacks ${missing.join(", ")}`);
      return [`v${versionNumber}`, ...variables.map((name) => values[name])].join(" ");
    },
    getMetadata: (key, fallback) => (key === "version" ? versionNumber : fallback),
  };
}

/** An importer of one instance of the module: it has what the bindings were set to last. */
interface Importer {
  module?: HotModule;
}

const turn = () => new Promise((done) => setTimeout(done));

/** The part of Vite's client that a module meets: data that outlives it, events, and a socket. */
class FakeHot implements ViteHot {
  readonly data: ViteHot["data"] = {};
  readonly sent: [event: string, message: unknown][] = [];
  readonly #callbacks = new Map<string, () => void>();

  on(event: string, callback: () => void): void {
    this.#callbacks.set(event, callback);
  }

  send(event: string, message: unknown): void {
    this.sent.push([event, structuredClone(message)]);
  }

  emit(event: string): void {
    this.#callbacks.get(event)?.();
  }

  /** Evaluates an instance of a prompt's module. */
  run(next: HotModule, query = "", stamp = `stamp-${next.versionNumber}`): Importer {
    const importer: Importer = {};
    const set = (module: HotModule) => {
      importer.module = module;
    };
    replace(this, next, set, [], URL + query, stamp);
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
    const kept = first.module?.render;
    const second = hot.run(promptModule(2));
    hot.run(promptModule(3));
    for (const { module } of [first, second]) {
      expect(module).toMatchObject({ versionNumber: 3, versionId: "id-3" });
      expect(module?.render()).toBe("v3");
      expect(module?.getMetadata("version")).toBe(3);
      expect(module?.getMetadata("other", "fallback")).toBe("fallback");
    }
    expect(first.module?.render).toBe(kept);
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
    hot.run(promptModule(2), "?again");
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
    for (let time = 0; time < 2; time++) hot.run(promptModule(1), "", "stamp");
    hot.run(promptModule(1), "?t=5", "another text");
    await turn();
    stop();
    expect(updates).toHaveLength(1);
  });
});

describe("a call that lacks a variable of the current version", () => {
  it("renders the last version that still works, and says so once for each version", () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const hot = new FakeHot();
    const { module } = hot.run(promptModule(1, ["name"]));
    const render = module?.render;
    hot.run(promptModule(2, ["name", "pla\u001bce"]));
    expect(render?.({ name: "Ada" })).toBe("v1 Ada");
    expect(render?.({ name: "Ada" })).toBe("v1 Ada");
    expect(said.mock.calls).toEqual([
      [
        '[unplugin-scope] Prompt "greeting" lacks pla\\x1bce, which version 2 needs. Until the call passes it, version 1 is rendered.',
      ],
    ]);
    hot.run(promptModule(3, ["name", "pla\u001bce"]));
    render?.({ name: "Ada" });
    expect(said).toHaveBeenCalledTimes(2);
    hot.run(promptModule(4, ["name"]));
    expect(render?.({ name: "Ada" })).toBe("v4 Ada");
  });

  it("throws the current version's error if no version can be rendered", () => {
    const hot = new FakeHot();
    const { module } = hot.run(promptModule(1, ["name"]));
    hot.run(promptModule(2, ["place"]));
    expect(() => module?.render({})).toThrow("lacks place");
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
