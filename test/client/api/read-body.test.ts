import { describe, expect, it } from "vitest";
import { readJson, readProblem } from "../../../src/client/api/read-body.ts";
import { platformResponse, thrownBy } from "../fake-transport.ts";

const ORIGIN = "https://api.example";
const tooDeep = (start: string) => `${start}${"[".repeat(201)}${"]".repeat(201)}}`;

describe("readJson", () => {
  it("returns the JSON", () => {
    expect(readJson(platformResponse({ body: { a: ["é"] } }), ORIGIN)).toEqual({ a: ["é"] });
  });

  it.each<[name: string, body: string | Uint8Array, type: string | undefined, is: string]>([
    ["a page", "<html>", "text/html", "text/html"],
    ["a page without a type", "<html>", undefined, "something else"],
    ["nothing", "", "text/html", "empty"],
    ["blanks", " \n", "text/html", "empty"],
    ["invalid UTF-8", new Uint8Array([0x22, 0xff, 0x22]), "application/json", "application/json"],
  ])("refuses %s", (_, body, type, is) => {
    const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
    const error = thrownBy(() => readJson(platformResponse({ body, headers }), ORIGIN, "greeting"));
    expect(error).toMatchObject({
      name: "ValidationError",
      message: `The response from https://api.example isn't JSON: it's ${is}.`,
      code: "response_invalid",
      field: "body",
      where: { prompt: "greeting" },
      hint: "Check that baseUrl and authApiUrl are the platform's, and that no proxy or login page responds.",
    });
    expect(error.cause).toBeInstanceOf(Error);
  });

  it("names no prompt for a login", () => {
    expect(thrownBy(() => readJson(platformResponse({ body: "<" }), ORIGIN)).where).toBeUndefined();
  });

  it("hides the parser's message if it could quote a secret", () => {
    const error = thrownBy(() => readJson(platformResponse({ body: "<hush-hush>" }, ["hush-hush"]), ORIGIN));
    expect(error.code).toBe("response_invalid");
    expect(error.cause).toBeUndefined();
  });

  it("refuses what is nested too deep", () => {
    const body = tooDeep('{"id":"v_1","tags":["x"],"metadata":');
    const error = thrownBy(() => readJson(platformResponse({ body }), ORIGIN, "greeting"));
    expect(error).toMatchObject({
      name: "ValidationError",
      message: `The response from https://api.example is nested too deep.`,
      code: "response_invalid",
      field: "body",
      where: { prompt: "greeting" },
    });
  });
});

describe("readProblem", () => {
  it.each<[body: unknown, code: string | undefined, said: string]>([
    [{ error: { code: "c", message: "m" } }, "c", ": m"],
    [{ code: "c", message: "m" }, "c", ": m"],
    [{ error: { code: "inner", message: "first" }, code: "outer", message: "second" }, "inner", ": first"],
    [{ error: "text", message: "m" }, undefined, ": m"],
    [{ error: "text" }, undefined, ": text"],
    [{ error: { code: "", message: "" }, code: "outer", message: "second" }, "outer", ": second"],
    [{ error: { code: 7, message: {} } }, undefined, ""],
    [{ error: null, message: "" }, undefined, ""],
    [null, undefined, ""],
    ["<html>", undefined, ""],
    ["", undefined, ""],
    [tooDeep('{"message":"m","a":'), undefined, ""],
  ])("%j", (body, code, said) => {
    const response = platformResponse({ body: body === null ? "null" : body });
    expect(readProblem(response)).toEqual({ code, said, isForeign: body === "<html>" });
  });

  it("shows no secret", () => {
    const response = platformResponse({ body: { code: "key-hush", message: "No key-hush." } }, ["key-hush"]);
    expect(JSON.stringify(readProblem(response))).not.toContain("hush");
  });
});
