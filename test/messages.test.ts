import { describe, expect, expectTypeOf, it } from "vitest";
import { splitSystem, toGoogle } from "../src/messages.ts";

const system = { role: "system", content: "Be kind." } as const;
const developer = { role: "developer", content: "Be short." } as const;
const user = { role: "user", content: "Why?" } as const;
const assistant = { role: "assistant", content: "Because." } as const;

type User = { role: "user"; content: string };
type System = { role: "system"; content: string };
type Rendered = [System, User];

describe("splitSystem", () => {
  it("takes the instructions out, and leaves the original messages unchanged", () => {
    const given = [system, user, assistant];
    expect(splitSystem(given)).toEqual({ system: "Be kind.", messages: [user, assistant] });
    expect(given).toEqual([system, user, assistant]);
  });

  it("joins several, wherever they are", () => {
    expect(splitSystem([system, user, developer])).toEqual({
      system: "Be kind.\n\nBe short.",
      messages: [user],
    });
  });

  it("says if there are none", () => {
    expect(splitSystem([user])).toEqual({ system: undefined, messages: [user] });
    expect(splitSystem([])).toEqual({ system: undefined, messages: [] });
  });

  it("keeps roles literal", () => {
    const split = splitSystem([system, user] as unknown as Rendered);
    expectTypeOf(split.system).toEqualTypeOf<string>();
    expectTypeOf(split.messages).toEqualTypeOf<[User]>();
    expectTypeOf(splitSystem([] as unknown as [User]).system).toEqualTypeOf<undefined>();
    const some = splitSystem([] as (System | User)[]);
    expectTypeOf(some.system).toEqualTypeOf<string | undefined>();
    expectTypeOf(some.messages).toEqualTypeOf<User[]>();
    const any = splitSystem([] as { role: string; content: string }[]);
    expectTypeOf(any.system).toEqualTypeOf<string | undefined>();
    expectTypeOf(any.messages).toEqualTypeOf<{ role: string; content: string }[]>();
  });
});

describe("toGoogle", () => {
  it("has instructions apart, parts, and the role model", () => {
    expect(toGoogle([system, user, assistant])).toEqual({
      systemInstruction: "Be kind.",
      contents: [
        { role: "user", parts: [{ text: "Why?" }] },
        { role: "model", parts: [{ text: "Because." }] },
      ],
    });
  });

  it("refuses a role that Google's API doesn't have", () => {
    const messages = [{ role: "tool", content: "42" }] as const;
    // @ts-expect-error: with literal roles it doesn't compile
    expect(() => toGoogle(messages)).toThrow('no role for a message of "tool"');
  });
});
