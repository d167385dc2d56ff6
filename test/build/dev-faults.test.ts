import { expect, it } from "vitest";
import { DevFaults } from "../../src/build/dev-faults.ts";
import { DevUses } from "../../src/build/dev-uses.ts";
import { ScopeError } from "../../src/errors/scope-error.ts";
import { makeApp } from "../support/app.ts";

it("the text of a fault, which an overlay shows, names commands as the project runs them", async () => {
  const root = await makeApp({ "pnpm-lock.yaml": "" });
  const uses = new DevUses(() => ({ holders: () => ["hi"], madeNames: ["hi"] }));
  const faults = new DevFaults({ info: () => {}, warn: () => {} }, uses, root);
  faults.setSite(new ScopeError("Damaged.", { code: "snapshot_damaged", hint: "Run: scope-gen pull" }));
  faults.close();
  expect(faults.texts).toEqual(["snapshot_damaged  Damaged.\n\n  Run: pnpm scope-gen pull"]);
});
