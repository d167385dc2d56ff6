import { expect, it } from "vitest";
import { loadOptions } from "../../../src/project/config/load-options.ts";
import { projectFolder } from "./project-folder.ts";

async function load(config: object) {
  const cwd = await projectFolder({ "package-lock.json": "{}", "scope.config.json": JSON.stringify(config) });
  return loadOptions({ cwd, env: {} });
}

it("takes what an editor may choose as plain data, and an entry's instead of the config's", async () => {
  const metadata = { model: ["model-a", 2, true], temperature: "number", "top_p?": "number" };
  const own = { model: "string" };
  const { prompts, ...options } = await load({ metadata, prompts: { a: {}, b: { metadata: own } } });
  expect(options.metadata).toEqual(metadata);
  expect([prompts.get("a")?.metadata, prompts.get("b")?.metadata]).toEqual([metadata, own]);
});

it.each([
  ["./choice.json", "metadata must be an object by metadata key"],
  [[], "metadata must be an object by metadata key"],
  [{ model: "text" }, 'metadata.model must be a list of allowed values, "string", "number" or "boolean"'],
  [{ model: "nubmer" }, 'Did you mean "number"?'],
  [{ model: [] }, "metadata.model must have at least one value"],
  [{ model: [{}] }, "metadata.model must be a list of texts, numbers, true and false"],
  [{ model: "string", "model?": "string" }, "metadata has both model and model?"],
  // What was meant is a JSON Schema.
  [
    { type: "object", properties: { model: { enum: ["a"] } } },
    "metadata.properties must be a list of allowed values",
  ],
])("refuses %j in words", async (metadata, message) => {
  const error = await load({ metadata }).catch((thrown) => thrown);
  expect(`${error.message} ${error.hint} ${error.errors?.map(String)}`).toContain(message);
});
