import { expect, it } from "vitest";
import { DevProblems } from "../../../src/build/dev/problems.ts";
import { UsedModules } from "../../../src/build/dev/used-modules.ts";
import { ScopeError } from "../../../src/errors/scope-error.ts";
import { loadOptions } from "../../../src/project/config/load/load-options.ts";
import { resolveSpecifier } from "../../../src/project/config/specifier.ts";
import { makeApp } from "../../support/app.ts";

it("a problem's text in the overlay names commands as the project runs them", async () => {
  const root = await makeApp({ "pnpm-lock.yaml": "" });
  const uses = new UsedModules(() => ({ broken: [], holders: () => ["hi"], served: [] }));
  const problems = new DevProblems({ info: () => {}, warn: () => {} }, uses, root);
  const error = new ScopeError("Damaged.", { code: "snapshot_damaged", hint: "Run: scope-gen pull" });
  const options = await loadOptions({ cwd: root, env: {} });
  problems.setBroken([{ request: resolveSpecifier("scope:hi", options), error, isServed: true }]);
  problems.close();
  expect(problems.texts).toEqual([
    "snapshot_damaged  Damaged.\n\n  Run: pnpm scope-gen pull\n\n  See unplugin-scope/docs/errors.md#snapshot_damaged",
  ]);
});
