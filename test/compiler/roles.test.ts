import { describe, expect, it } from "vitest";
import { compareVersions } from "../../src/contract/compare-versions.ts";
import { type ChatMessage, rolesOf } from "../../src/prompt.ts";
import { compile, runModule } from "./prompts.ts";

/** A chat prompt as the platform's page makes it. */
const AS_ON_THE_PAGE: readonly ChatMessage[] = [
  { role: "SYSTEM", content: "You sort tickets." },
  { role: "HUMAN", content: "Ticket: {{ticket}}" },
];
const rendered = async (content: readonly ChatMessage[], options = {}) =>
  (await runModule(compile(content, options))).render({ ticket: "late" }) as ChatMessage[];
const roles = (messages: unknown) => (messages as ChatMessage[]).map(({ role }) => role);

describe("the roles of a chat prompt", () => {
  it("are rendered as the ones that model SDKs know", async () => {
    expect(await rendered(AS_ON_THE_PAGE)).toEqual([
      { role: "system", content: "You sort tickets." },
      { role: "user", content: "Ticket: late" },
    ]);
  });

  it.each([
    ["human", "user"],
    ["Human", "user"],
    ["ai", "assistant"],
    ["AI", "assistant"],
    ["ASSISTANT", "assistant"],
    ["Developer", "developer"],
    ["Narrator", "Narrator"],
    ["constructor", "constructor"],
    ["__proto__", "__proto__"],
  ])("%s is rendered as %s", async (stored, role) => {
    expect(roles(await rendered([{ role: stored, content: "" }]))).toEqual([role]);
  });

  it("follow the config", async () => {
    const content = [...AS_ON_THE_PAGE, { role: "Narrator", content: "" }];
    const own = { roles: rolesOf({ narrator: "assistant" }) };
    expect(roles(await rendered(content, own))).toEqual(["system", "user", "assistant"]);
    expect(roles(await rendered(content, { roles: false }))).toEqual(["SYSTEM", "HUMAN", "Narrator"]);
  });

  it("stay as they are in content, with variables and without", async () => {
    for (const content of [AS_ON_THE_PAGE, [{ role: "HUMAN", content: "Hello" }]]) {
      const module = await runModule(compile(content));
      expect(module.content).toEqual(content);
      expect((await runModule(compile(content), { development: true })).content).toEqual(content);
    }
  });

  it("are part of the contract as they're rendered", () => {
    const version = (role: string, options = {}) => compile([{ role, content: "" }], options);
    expect(compareVersions(version("user"), version("HUMAN")).grade).toBe("text");
    expect(compareVersions(version("user"), version("system"))).toMatchObject({
      grade: "breaking",
      changes: [{ message: "roles changed from [user] to [system]" }],
    });
    const asStored = { roles: false };
    expect(compareVersions(version("user", asStored), version("HUMAN", asStored)).grade).toBe("breaking");
  });
});
