import { describe, expect, it } from "vitest";
import { checkLabel, checkName } from "../../src/client/check-ref.ts";
import { thrownBy } from "./fake-transport.ts";

describe("a name", () => {
  it.each([" ", "...", ".a", "a/b", "名前", "😀", "\0"])("can be %j", (name) => {
    expect(checkName(name, "name", name)).toBe(name);
  });

  it.each<[name: unknown, shown: string]>([
    ["", '""'],
    [".", '"."'],
    ["..", '".."'],
    ["a\ud800", '"a\\ud800"'],
    [7, "7"],
    [undefined, "of type undefined"],
    [["a"], "an array"],
  ])("can't be %j", (name, shown) => {
    const error = thrownBy(() => checkName(name, "name", name));
    expect(error.name).toBe("ValidationError");
    expect(error.message).toBe(`${shown} can't be a prompt name.`);
    expect({ ...error }).toEqual({
      code: "name_invalid",
      field: "name",
      value: name,
      where: typeof name === "string" ? { prompt: name } : undefined,
      hint: "It can be any text that isn't empty, . or ..",
    });
  });
});

it("an invalid version is reported with its prompt", () => {
  expect(thrownBy(() => checkName("", "version", "greeting"))).toMatchObject({
    message: `"" can't be a prompt version.`,
    field: "version",
    where: { prompt: "greeting" },
  });
});

describe("a label", () => {
  it.each(["production", "latest"])("can be %s", (label) => {
    expect(checkLabel(label)).toBe(label);
  });

  it.each<[label: unknown, shown: string]>([
    ["staging", '"staging"'],
    ["", '""'],
    [null, "null"],
  ])("can't be %j", (label, shown) => {
    const error = thrownBy(() => checkLabel(label));
    expect(error.name).toBe("ValidationError");
    expect(error.message).toBe(`The label must be "production" or "latest", but is ${shown}.`);
    expect({ ...error }).toEqual({
      code: "label_invalid",
      field: "label",
      value: label,
      hint: 'To get one version, use its ID: { version: "version_…" }.',
    });
  });
});
