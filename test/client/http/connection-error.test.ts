import { describe, expect, it } from "vitest";
import { connectionError } from "../../../src/client/http/connection-error.ts";
import { ConnectionError } from "../../../src/errors/classes.ts";

const ORIGIN = "https://platform.test";
const coded = (code: unknown, cause?: unknown) => Object.assign(new Error("broken", { cause }), { code });
/** Its own cause so many times. */
const nested = (times: number, innermost: Error): Error =>
  times === 0 ? innermost : new Error("outer", { cause: nested(times - 1, innermost) });

it("names the failure, and keeps it as its cause", () => {
  const cause = coded("ECONNREFUSED");
  const error = connectionError(ORIGIN, cause);
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error.message).toBe("Could not connect to https://platform.test (ECONNREFUSED).");
  expect(error.code).toBe("connection_failed");
  expect(error.cause).toBe(cause);
  expect(error.hint).toBeUndefined();
});

it("names no failure without a name", () => {
  for (const cause of [new Error("broken"), "ECONNREFUSED", { code: "ECONNREFUSED" }, null, undefined]) {
    expect(connectionError(ORIGIN, cause).message).toBe("No complete response from https://platform.test.");
  }
});

describe("the name of the failure", () => {
  it("is the outermost, and a string", () => {
    const name = (cause: unknown) => /\((.*)\)/.exec(connectionError(ORIGIN, cause).message)?.[1];
    expect(name(coded("OUTER", coded("INNER")))).toBe("OUTER");
    expect(name(coded(7, coded("INNER")))).toBe("INNER");
  });

  it("is looked for in four errors, and no deeper", () => {
    expect(connectionError(ORIGIN, nested(3, coded("DEEP"))).message).toContain("(DEEP)");
    expect(connectionError(ORIGIN, nested(4, coded("DEEP"))).message).not.toContain("DEEP");
  });

  it("decides the hint", () => {
    const hint = (code: string) => `about "${code}"`;
    expect(connectionError(ORIGIN, coded("EAI_AGAIN"), hint).hint).toBe('about "EAI_AGAIN"');
    expect(connectionError(ORIGIN, new Error("broken"), hint).hint).toBe('about ""');
    expect(connectionError(ORIGIN, new Error("broken"), () => undefined).hint).toBeUndefined();
  });
});
