import { expect, it } from "vitest";
import type { Framework } from "../../../src/runtime/hot/replace.ts";
import { replace, type WebpackHot, type WebpackModule } from "../../../src/runtime/hot/webpack.ts";
import { Importer, promptModule } from "./prompt-module.ts";

const PROMPT = "./greeting+webpack.js";

interface FakeModule extends WebpackModule {
  readonly hot: WebpackHot & { invalidated: number };
}

/** The part of webpack's cache that is read, as `{ module: [its importers] }`. */
function fakeModules(
  parents: Record<string, readonly string[]>,
  { accepting = [], main = [] }: { accepting?: readonly string[]; main?: readonly string[] } = {},
): Record<string, FakeModule> {
  const entries = Object.entries(parents).map(([id, importers]) => [
    id,
    { parents: importers, hot: fakeHot(accepting.includes(id), main.includes(id)) },
  ]);
  return Object.fromEntries(entries);
}

function fakeHot(_selfAccepted = false, _main = false): FakeModule["hot"] {
  return {
    invalidated: 0,
    _selfAccepted,
    _main,
    _acceptedDependencies: {},
    dispose() {},
    invalidate() {
      this.invalidated++;
      this._selfInvalidated = true;
    },
  };
}

/** Evaluates the module twice, as for an update; returns the modules that are evaluated again with it. */
function update(modules: Record<string, FakeModule>, frameworks: readonly Framework[] = []): string[] {
  let data = {};
  for (const version of [1, 2]) {
    const hot: WebpackHot = {
      ...fakeHot(),
      data,
      dispose(callback) {
        data = {};
        callback(data);
      },
    };
    replace(hot, promptModule(version), () => {}, frameworks, modules[PROMPT] as FakeModule, modules);
    if (version === 1) expect(invalidated(modules)).toEqual([]);
  }
  return invalidated(modules);
}

const invalidated = (modules: Record<string, FakeModule>) =>
  Object.keys(modules).filter((id) => (modules[id] as FakeModule).hot.invalidated > 0);

it("sets the bindings of every earlier import of the module", () => {
  const importers = [new Importer(), new Importer(), new Importer()];
  let data: WebpackHot["data"];
  for (const [index, { set }] of importers.entries()) {
    const hot: WebpackHot = {
      ...fakeHot(),
      ...(data && { data }),
      dispose(callback) {
        data = {};
        callback(data);
      },
    };
    replace(hot, promptModule(index + 1), set, [], { parents: [], hot }, {});
  }
  expect(importers.map(({ module }) => module?.render())).toEqual(["v3", "v3", "v3"]);
});

it("evaluates the nearest importers that accept their own replacement again, and still allows it", () => {
  const modules = fakeModules(
    { [PROMPT]: ["./call.js"], "./call.js": ["./app.jsx"], "./app.jsx": ["./main.js"], "./main.js": [] },
    { accepting: ["./app.jsx"], main: ["./main.js"] },
  );
  expect(update(modules)).toEqual(["./call.js"]);
  const direct = fakeModules(
    { [PROMPT]: ["./app.jsx"], "./app.jsx": ["./main.js"], "./main.js": [] },
    { accepting: ["./app.jsx"], main: ["./main.js"] },
  );
  expect(update(direct)).toEqual(["./app.jsx"]);
  expect(direct["./app.jsx"]?.hot._selfInvalidated).toBe(false);
});

it("leaves an importer alone if its path ends at the entry, and goes on above it", () => {
  const modules = fakeModules(
    {
      [PROMPT]: ["./call.js"],
      "./call.js": ["./app.jsx", "./main.js"],
      "./app.jsx": ["./main.js"],
      "./main.js": [],
    },
    { accepting: ["./app.jsx"], main: ["./main.js"] },
  );
  expect(update(modules)).toEqual(["./app.jsx"]);
});

it("stops at an importer that accepts the module below it", () => {
  const modules = fakeModules({ [PROMPT]: ["./call.js"], "./call.js": ["./app.js"], "./app.js": [] });
  Object.assign(modules["./app.js"]?.hot._acceptedDependencies as object, { "./call.js": () => {} });
  expect(update(modules)).toEqual(["./call.js"]);
});

it("stops at circular imports, and skips modules that aren't in the page", () => {
  const circle = fakeModules({
    [PROMPT]: ["./a.js", "./gone.js"],
    "./a.js": ["./b.js"],
    "./b.js": ["./a.js"],
  });
  expect(update(circle)).toEqual([]);
});

it("skips components that a framework renders, also with a query", () => {
  const vue: Framework = {
    owns: (id) => /\.vue(?:\?|$)/.test(id),
    follow: () => ({ called() {}, changed() {} }),
  };
  const modules = () =>
    fakeModules(
      {
        [PROMPT]: ["./a.vue", "./a.vue?type=script", "./b.jsx"],
        "./a.vue": [],
        "./a.vue?type=script": [],
        "./b.jsx": [],
      },
      { accepting: ["./a.vue", "./a.vue?type=script", "./b.jsx"] },
    );
  expect(update(modules(), [vue])).toEqual(["./b.jsx"]);
  expect(update(modules())).toEqual(["./a.vue", "./a.vue?type=script", "./b.jsx"]);
});
