import { describe, expect, expectTypeOf, it } from "vitest";
import { splitSystem, toAnthropic, toGoogle } from "../src/messages.ts";

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

const _BREAKPOINT = { prompt_cache_breakpoint: { mode: "explicit" } };
const CONTROL = { cache_control: { type: "ephemeral" } };
const text = (value: string, mark = {}) => ({ type: "text", text: value, ...mark });

describe("toAnthropic", () => {
  it("has a block for each system message, and one mark where the prefix ends", () => {
    expect(
      toAnthropic([system, developer, user, assistant], { cache: { message: 2, characters: 2 } }),
    ).toEqual({
      system: [text("Be kind."), text("Be short.")],
      messages: [
        { role: "user", content: [text("Wh", CONTROL), text("y?")] },
        { role: "assistant", content: [text("Because.")] },
      ],
    });
    expect(toAnthropic([user])).toEqual({
      system: undefined,
      messages: [{ role: "user", content: [text("Why?")] }],
    });
  });

  it.each([
    ["a later system message isn't known to be constant", [user, system], 0, 4, []],
    ["nor is what comes after it", [system, user, developer], 1, 2, ["Be kind."]],
    ["one that is cut comes before the conversation", [user, system], 1, 3, ["Be "]],
    ["white space can't be a block", [system, { role: "user", content: "\n Why?" }], 1, 2, ["Be kind."]],
    ["nor what is left", [{ role: "user", content: "Why?\n" }], 0, 4, ["Why?\n"]],
    ["no block is empty", [system, { role: "system", content: "" }, user], 2, 4, ["Be kind.", "Why?"]],
  ])("%s", (_, messages, message, characters, upToMark) => {
    const { system: first = [], messages: others } = toAnthropic(messages, {
      cache: { message, characters },
    });
    const blocks = [...first, ...others.flatMap(({ content }) => content as typeof first)];
    const at = blocks.findIndex(({ cache_control }) => cache_control);
    expect(blocks.slice(0, at + 1).map((block) => block.text)).toEqual(upToMark);
  });
});
