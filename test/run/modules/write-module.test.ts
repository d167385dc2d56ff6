import { expect, it } from "vitest";
import { CONNECTION_OPTIONS } from "../../../src/client/connection/connection.ts";
import { hotForm, liveMaxBodyBytes, usableTarget } from "../../../src/run/modules/write-module.ts";
import { temporaryFolder, writeTree } from "../../support/app.ts";

it.each([
  { vue: "3.1.5", svelte: "5.6.2", form: "+vite" },
  { vue: "3.2.0", svelte: "5.7.0", form: "+vite-svelte-vue" },
  { vue: "4.0.0", svelte: undefined, form: "+vite-vue" },
])("a page's module supports the frameworks that have the API it imports: %j", async (installed) => {
  const root = await temporaryFolder();
  for (const name of ["vue", "svelte"] as const) {
    const version = installed[name];
    if (version === undefined) continue;
    await writeTree(root, { [`node_modules/${name}/package.json`]: JSON.stringify({ name, version }) });
  }
  const target = usableTarget({ frameworks: ["svelte", "vue"] }, root);
  expect(hotForm(target)).toBe(installed.form);
});

it.each([
  [CONNECTION_OPTIONS.maxBodyBytes.default, 1_048_576],
  [5_000_000, 5_000_000],
  [500, 500],
])("a live prompt reads 1 MB unless the config says otherwise: %i is %i", (given, expected) => {
  expect(liveMaxBodyBytes(given)).toBe(expected);
});
