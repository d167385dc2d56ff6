import { symlink } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { projectFolder } from "../project/config/project-folder.ts";
import { ask, serve } from "./platform-helpers.ts";

describe("names", () => {
  test.each([
    ["upper case", "Welcome", "Welcome"],
    ["unicode", "Übersetzung 名前", encodeURIComponent("Übersetzung 名前")],
    ["unicode with upper-case hex digits in the encoding", "é", "%C3%A9"],
    ["unicode with lower-case hex digits", "é", "%c3%a9"],
    ["a space and special characters", "a b&c=d?e#f+g", encodeURIComponent("a b&c=d?e#f+g")],
    ["a percent sign", "100%", "100%25"],
    ["its own encoded slash", "a%2Fb", "a%252Fb"],
    ["a leading dot", ".hidden", ".hidden"],
    ["dots that aren't a path", "...", "..."],
    ["a reserved word", "__proto__", "__proto__"],
    ["a quote and a backslash", `it's "x"\\y`, encodeURIComponent(`it's "x"\\y`)],
    ["a route's word", "production", "production"],
    ["another route's word", "versions", "versions"],
  ])("%s", async (_, name, encoded) => {
    const { get } = await serve({ [`${name}/1.md`]: name });
    const { status, json } = await get(`${encoded}/production`);
    expect(status).toBe(200);
    expect(json.content).toBe(name);
    expect((await get(`${encoded}/versions/${json.id}`)).json).toEqual(json);
  });

  test("upper and lower case differ, and so do the forms of an accent", async () => {
    const { get } = await serve({ "Welcome/1.md": "upper", "é/1.md": "one character" });
    expect((await get("welcome/latest")).status).toBe(404);
    expect((await get(`${encodeURIComponent("e\u0301")}/latest`)).status).toBe(404);
  });

  test.each(["support/triage", "a/b/c/d", "production/latest", "x/versions/y", "x/versions"])(
    "%s is a nested folder, requested as it is or encoded",
    async (name) => {
      const { get } = await serve({ [`${name}/1.md`]: name });
      const encoded = encodeURIComponent(name);
      const mixed = name.replace("/", "%2f");
      for (const asked of [name, encoded, mixed]) {
        const answer = await get(`${asked}/latest`);
        expect(answer.json?.content).toBe(name);
        expect((await get(`${asked}/versions/${answer.json.id}`)).json).toEqual(answer.json);
      }
    },
  );

  test("a folder can be a prompt and contain prompts", async () => {
    const { get } = await serve({ "mail/1.md": "outer", "mail/welcome/1.md": "inner" });
    expect((await get("mail/latest")).json.content).toBe("outer");
    expect((await get("mail/welcome/latest")).json.content).toBe("inner");
  });
});

describe("nothing outside the folder can be reached", () => {
  async function serveInner() {
    const outer = await projectFolder({
      "secret/1.md": "outside",
      "prompts/inside/1.md": "inside",
      "prompts/inside/deeper/1.md": "deeper",
      "prompts-and-more/1.md": "outside, with the same beginning",
      "prompts/node_modules/dep/1.md": "a dependency's",
      "prompts/.git/hooks/1.md": "git's",
    });
    return { outer, ...(await serve(join(outer, "prompts"))) };
  }

  test.each([
    "../secret",
    "..%2Fsecret",
    "%2e%2e/secret",
    "%2E%2E%2Fsecret",
    "..%5Csecret",
    "inside/../../secret",
    "inside%2F..%2F..%2Fsecret",
    "inside/deeper/../../../secret",
    "./inside",
    "inside/.",
    "inside//deeper",
    "/inside",
    "%2Finside",
    "inside/",
    "inside%2F",
    ".",
    "..",
    "%00",
    "inside%00",
    "..%2Fprompts%2Finside",
    "..%2Fprompts-and-more",
    "..-and-more",
    "%2Fetc",
    "%252e%252e%252fsecret",
    "node_modules%2Fdep",
    ".git/hooks",
    encodeURIComponent("x".repeat(5000)),
  ])("%s", async (name) => {
    const { get } = await serveInner();
    for (const route of ["production", "latest", "versions/1"]) {
      const { status, text } = await get(`${name}/${route}`);
      expect(status).toBe(404);
      expect(text).not.toContain("outside");
    }
  });

  test("whatever the path contains, the response is a clear refusal or a prompt in the folder", async () => {
    const { get } = await serveInner();
    const piece = fc.oneof(
      fc.constantFrom(...String.raw`.. . / %2F %2e%2E \ %5C %00 % %25 %c0%af ; ~ ::`.split(" ")),
      fc.constantFrom(..."secret inside deeper prompts latest versions prompt_ 1.md %F0%9F%98%80".split(" ")),
    );
    const path = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(""));
    const property = fc.asyncProperty(path, async (name) => {
      const { status, json, text } = await get(`${name}/latest`);
      expect([200, 400, 404]).toContain(status);
      expect(text).not.toContain("outside");
      if (status === 200) expect(["inside", "deeper"]).toContain(json.content);
      else
        expect(json.error.code).toMatch(
          /^(invalid_request|prompt_not_found|route_not_found|version_not_found)$/,
        );
    });
    await fc.assert(property, { numRuns: 400 });
  });

  test("a symbolic link isn't followed", async () => {
    const { outer, get } = await serveInner();
    const prompts = join(outer, "prompts");
    await symlink(join(outer, "secret"), join(prompts, "link-out"));
    await symlink(join(outer, "secret", "1.md"), join(prompts, "inside", "2.md"));
    await symlink(join(prompts, "inside"), join(prompts, "link-in"));
    await symlink("loop-b", join(prompts, "loop-a"));
    await symlink("loop-a", join(prompts, "loop-b"));
    await symlink(prompts, join(prompts, "inside", "up"));
    await symlink(join(outer, "gone"), join(prompts, "dangling"));
    expect((await get("link-out/latest")).status).toBe(404);
    expect((await get("loop-a/latest")).status).toBe(404);
    expect((await get("dangling/latest")).status).toBe(404);
    expect((await get("inside/latest")).json).toMatchObject({ content: "inside", version_number: 1 });
    expect((await get("link-in/latest")).status).toBe(404);
    const id = (await get("inside/latest")).json.prompt_id;
    expect((await get(`${id}/latest`)).json.content).toBe("inside");
  });

  test("a broken encoding is a bad request", async () => {
    const { get } = await serveInner();
    for (const name of ["%", "%zz", "%ff", "a%2"]) {
      const { status, json } = await get(`${name}/latest`);
      expect(status).toBe(400);
      expect(json.error.code).toBe("invalid_request");
    }
  });
});

describe("routes", () => {
  test.each([
    "/",
    "/api/v1/prompts",
    "/api/v1/prompts/",
    "/api/v1/prompts/p",
    "/api/v1/prompts/p/staging",
    "/api/v1/prompts/p/versions",
    "/api/v1/prompts/p/versions/",
    "/api/v2/prompts/p/latest",
    "/v1/prompts/p/latest",
    "/v1/auth/applications/login/",
    "/favicon.ico",
    "http://elsewhere.test/api/v1/prompts/p/latest",
    "*",
  ])("%s isn't one", async (target) => {
    const { url } = await serve({ "p/1.md": "x" });
    const { status, json } = await ask(url, target, { method: target === "*" ? "OPTIONS" : "GET" });
    expect(status).toBe(404);
    expect(json.error.code).toBe("route_not_found");
  });

  test.each([
    ["POST", "/api/v1/prompts/p/latest", "GET"],
    ["HEAD", "/api/v1/prompts/p/latest", "GET"],
    ["DELETE", "/api/v1/prompts/p/versions/1", "GET"],
    ["GET", "/v1/auth/applications/login", "POST"],
  ])("%s %s isn't allowed", async (method, target, allowed) => {
    const { url } = await serve({ "p/1.md": "x" });
    const { status, headers } = await ask(url, target, { method });
    expect(status).toBe(405);
    expect(headers.allow).toBe(allowed);
  });
});
