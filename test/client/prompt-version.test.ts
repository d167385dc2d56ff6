import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { decodeVersion } from "../../src/client/api/decode-version.ts";
import { PromptVersion, VERSION, versionData } from "../../src/client/index.ts";
import { version } from "./faulty-platform.ts";

function make(overrides: Record<string, unknown> = {}): PromptVersion {
  const ref = { name: "greeting", pin: { kind: "label", label: "production" } } as const;
  return new PromptVersion(ref, decodeVersion(version(overrides), ref));
}

describe("PromptVersion", () => {
  it("gives metadata by key, its own only, with a default", () => {
    const prompt = make({ metadata: JSON.parse('{"model": "small", "none": null, "__proto__": {"x": 1}}') });
    expect(prompt.getMetadata("model")).toBe("small");
    expect(prompt.getMetadata("none", "default")).toBeNull();
    expect(prompt.getMetadata("absent")).toBeUndefined();
    expect(prompt.getMetadata("absent", 5)).toBe(5);
    expect(prompt.getMetadata("toString")).toBeUndefined();
    expect(prompt.getMetadata("__proto__")).toEqual({ x: 1 });
    expect(prompt.getMetadata("x")).toBeUndefined();
  });

  it("reads metadata by one method that all versions share", () => {
    const [one, other] = [make({ metadata: { model: "a" } }), make({ metadata: { model: "b" } })];
    expect(one.getMetadata).toBe(one.getMetadata);
    expect(one.getMetadata).toBe(other.getMetadata);
    expect(Object.hasOwn(one, "getMetadata")).toBe(false);
    expect(Object.keys(PromptVersion.prototype)).toEqual([]);
    expect([one.getMetadata("model"), other.getMetadata("model")]).toEqual(["a", "b"]);
  });

  it.each([null, undefined])("metadata that is %s is empty", (metadata) => {
    expect(make({ metadata }).metadata).toEqual({});
  });

  it.each(["draft", "published", "archived"])("tells its status: %s", (status) => {
    const { isDraft, isPublished, isArchived } = make({ status });
    expect({ isDraft, isPublished, isArchived }).toEqual({
      isDraft: status === "draft",
      isPublished: status === "published",
      isArchived: status === "archived",
    });
  });

  it("renders every kind of value, and variables named like what every object has", () => {
    const prompt = make({ content: "{{a}}{{constructor}}{{__proto__}}{{名前}}", variables: null });
    const values = { a: 1n, constructor: true, ["__proto__"]: 1.5, 名前: "ok" };
    expect(prompt.render(values)).toBe("1true1.5ok");
    expect(() => prompt.render({ a: 1 })).toThrow(
      expect.objectContaining({ missingVariables: ["constructor", "__proto__", "名前"] }),
    );
  });

  it("a value that is no value is refused by name", () => {
    for (const name of [{}, [], () => {}, Symbol("x")]) {
      expect(() => make().render({ name: name as never })).toThrow(/name in prompt "greeting"/);
    }
  });

  it("without variables nothing is needed", () => {
    expect(make({ content: "Hi {{ name }}", variables: [] }).render()).toBe("Hi {{ name }}");
  });

  it("gives the build its plain data", () => {
    expect(versionData(make({ variables: ["name", "old"] })).declaredVariables).toEqual(["name", "old"]);
  });

  it("says which one it is", () => {
    expect(String(make())).toBe("PromptVersion greeting version 1 (production)");
    expect(inspect(make())).toContain("versionNumber: 1");
  });
});

it("VERSION is the package's", () => {
  expect(VERSION).toBe(packageJson.version);
});
