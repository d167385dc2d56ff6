import { describe, expect, it } from "vitest";
import { compareInputs } from "../../src/contract/compare-inputs.ts";
import type { Input, InputType } from "../../src/contract/input-type.ts";

const value: InputType = { kind: "value" };
const number: InputType = { kind: "narrowed", type: "number" };
const condition: InputType = { kind: "condition" };
const nothing: InputType = { kind: "nothing" };
const input = (name: string, type: InputType = value, optional: Input["optional"] = false): Input => ({
  name,
  type,
  optional,
});
const object = (...inputs: Input[]): InputType => ({ kind: "object", inputs });
const section = (element: InputType): InputType => ({ kind: "section", element, isListOnly: false });
const list = (element: InputType): InputType => ({ kind: "section", element, isListOnly: true });
const anyOf = (...types: InputType[]): InputType => ({ kind: "any-of", types });

function compared(from: InputType, to: InputType): readonly string[] {
  return compareInputs(from, to).map(({ breaks, message }) => {
    expect(breaks).toBe(true);
    return message;
  });
}

/** The name `x` of two versions. */
const ofX = (from: InputType, to: InputType) => compared(object(input("x", from)), object(input("x", to)));

describe("a name that is used differently", () => {
  it.each<[string, InputType, InputType]>([
    ["the same", value, value],
    ["a narrowed value for any", number, value],
    ["any value for a narrowed one, which the types distinguish", value, number],
    ["nothing for a condition", nothing, condition],
    ["a condition for a condition", condition, condition],
    ["nothing for nothing", nothing, nothing],
    ["nothing for a section", nothing, section(value)],
    ["nothing for a list", nothing, list(value)],
    ["a value for a section of values", value, section(value)],
    ["a section for a section", section(value), section(number)],
    ["a list for a section", list(value), section(value)],
    ["a list for a list", list(value), list(value)],
    ["a value for a value or an object", value, anyOf(object(input("a")), value)],
    ["each of two for the two", anyOf(value, section(value)), anyOf(section(value), value)],
  ])("needs nothing new: %s", (_, from, to) => {
    expect(ofX(from, to)).toEqual([]);
  });

  // biome-ignore format: one row a line
  it.each<[string, InputType, InputType, string]>([
    ["a value for a condition", value, condition, 'variable "x" is no longer printed'],
    ["a number for a condition", number, condition, 'variable "x" is no longer printed'],
    ["a number for one that's only tested", number, { ...number, isTested: true }, 'variable "x" is no longer printed'],
    ["a list for a condition", list(object(input("bind"))), condition, 'variable "x[].bind" is gone'],
    ["an object for a condition", object(input("a")), condition, 'variable "x.a" is gone'],
    ["a section of values for a condition", section(value), condition, 'variable "x[]" is gone'],
    ["a value or a section for a section", anyOf(value, section(object(input("a")))), section(object(input("a"))), 'variable "x" is no longer printed'],
    ["a condition for a value", condition, value, 'variable "x" must be a value now'],
    ["an object for a value", object(), value, 'variable "x" must be a value now'],
    ["nothing for a value", nothing, value, 'variable "x" must be a value now'],
    ["a section for a number", section(value), number, 'variable "x" must be a value now'],
    ["a value for nothing", value, nothing, 'variable "x" must be nothing now'],
    ["a value for an object", value, object(), 'variable "x" must be one object now'],
    ["a value for a list", value, list(value), 'variable "x" must be a list now'],
    ["a section for a list", section(value), list(value), 'variable "x" must be a list now'],
    ["a section of objects for one object", section(object()), object(), 'variable "x" must be one object now'],
    ["an object that binds for a condition", object(input("bind")), condition, 'variable "x" must be without bind and then now'],
    ["a promise for a condition", object(input("then")), condition, 'variable "x" must be without bind and then now'],
    ["a section of promises for a condition", section(object(input("then"))), condition, 'variable "x" must be without bind and then now'],
    ["a section of values or promises for a condition", section(anyOf(value, object(input("then")))), condition, 'variable "x" must be without bind and then now'],
    ["a value or an object for a value", anyOf(value, object()), value, 'variable "x" must be a value now'],
    ["an object for a value or nothing", object(), anyOf(value, nothing, number), 'variable "x" must be a value or nothing now'],
    ["a condition for a section of nothing", condition, section(nothing), 'variable "x" must be a list or nothing now'],
    ["a condition for a list of nothing", condition, list(nothing), 'variable "x" must be a list now'],
    ["an object for one with a new name", object(input("a")), object(input("a"), input("b")), 'new variable "x.b"'],
    ["a section of objects that get a new name", section(object(input("a"))), section(object(input("a"), input("b"))), 'new variable "x[].b"'],
    ["an object for a section of objects with none of its names", object(input("a")), section(object(input("b", value, "inverted"))), 'new variable "x[].b"'],
    ["a value for an object or a section", value, anyOf(object(input("a")), section(object(input("b")))), 'new variable "x.a", new variable "x[].b"'],
  ])("breaks calls: %s", (_, from, to, message) => {
    expect(ofX(from, to).join(", ")).toBe(message);
  });

  it("reports the whole value if the call passes a single one", () => {
    expect(compared(value, object())).toEqual(['variable "." must be one object now']);
    expect(compared(object(), value)).toEqual(['variable "." must be a value now']);
    expect(compared(section(value), list(value))).toEqual(['variable "." must be a list now']);
  });
});

describe("a name that can be one of several things", () => {
  const outer = (name: string) => input(name, value, "outer");

  // biome-ignore format: one row a line
  it.each<[string, InputType, InputType, string[]]>([
    ["two that were both values", anyOf(value, number), value, []],
    ["the one that needs everything that was given", object(input("a"), input("b")), anyOf(object(input("a")), object(input("a"), input("b"))), []],
    ["the first one, if each needs less", object(input("a"), input("b"), input("c")), anyOf(object(input("a"), input("b")), object(input("a"))), ['variable "x.c" is gone']],
    ["an object without names", object(input("a")), anyOf(value, object()), ['variable "x.a" is gone']],
    ["an object for one that had no names", object(), anyOf(value, object(outer("b"))), []],
    ["an object that gets its name from outside too", object(input("a")), anyOf(value, object(outer("a"), outer("b"))), []],
  ])("fits one, and is gone where that needs less: %s", (_, from, to, messages) => {
    expect(ofX(from, to)).toEqual(messages);
  });

  it("isn't an object without any of the given names", () => {
    expect(ofX(object(input("a")), anyOf(value, object(outer("b"))))).toEqual([
      'variable "x" must be a value or one object now',
    ]);
  });
});

describe("a name that can be undefined or left out", () => {
  const x = (optional: Input["optional"], type: InputType = value): InputType =>
    object(input("x", type, optional));

  it("only changes if it could be undefined before and no longer can", () => {
    const leftOut = 'variable "x" can no longer be undefined';
    expect(compared(x("inverted"), x(false))).toEqual([leftOut]);
    expect(compared(x("inverted", condition), x(false))).toEqual([
      leftOut,
      'variable "x" must be a value now',
    ]);
    expect(compared(x(false), x("inverted"))).toEqual([]);
    expect(compared(x("inverted"), x("inverted"))).toEqual([]);
  });

  it("is new if it came from outside before, and only gone if it had to be given", () => {
    expect(compared(x("outer"), x(false))).toEqual(['new variable "x"']);
    expect(compared(x("outer"), x("inverted"))).toEqual(['new variable "x"']);
    expect(compared(x("outer"), x("outer"))).toEqual([]);
    expect(compared(object(), x("outer"))).toEqual([]);
    // A list's items can have one of their own, which no longer arrives.
    expect(compared(x("outer"), object())).toEqual(['variable "x" is gone']);
    expect(compared(x("inverted"), object())).toEqual(['variable "x" is gone']);
  });
});

it("new names come first, then those that are used differently, then those that are gone", () => {
  const from = object(input("gone", object(input("a"), input("b"))), input("x", condition));
  const to = object(input("x"), input("new"));
  expect(compared(from, to)).toEqual([
    'new variable "new"',
    'variable "x" must be a value now',
    'variable "gone.a" is gone',
    'variable "gone.b" is gone',
  ]);
});

describe("any object", () => {
  it("replaces one with names, which are gone, but not the other way round", () => {
    expect(ofX(object(input("name")), object())).toEqual(['variable "x.name" is gone']);
    expect(ofX(object(), object(input("name")))).toEqual(['new variable "x.name"']);
    expect(ofX(object(), object())).toEqual([]);
  });

  it("isn't a value", () => {
    expect(ofX(value, object())).toEqual(['variable "x" must be one object now']);
    expect(ofX(object(), value)).toEqual(['variable "x" must be a value now']);
  });
});
