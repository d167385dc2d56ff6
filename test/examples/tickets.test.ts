// The example application: checked, built, tested and run, as somebody does who has cloned the repository.
import { cp, rm, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { makeApp } from "../support/app.ts";
import { listenInTest } from "../support/listen.ts";
import { linkPackage, node, ROOT, scopeGen, tsc } from "../support/run.ts";

let root: string;
beforeAll(async () => {
  root = await makeApp({});
  await cp(join(ROOT, "examples", "tickets"), root, {
    recursive: true,
    filter: (path) => !/[\\/](?:node_modules|dist|\.scope)$/.test(path),
  });
  await linkPackage(root);
  for (const name of ["openai", "@opentelemetry", "@types", "zod"])
    await symlink(join(ROOT, "node_modules", name), join(root, "node_modules", name), "junction");
});
afterAll(() => rm(root, { recursive: true, force: true }));

const vite = () => node([join(ROOT, "node_modules/vite/bin/vite.js"), "build"], { cwd: root });

it("is up to date with what is committed, also for the compiler", async () => {
  const check = await scopeGen(["check"], { cwd: root });
  expect([check.code, check.stderr]).toEqual([0, ""]);
  expect(await tsc([], { cwd: root })).toEqual({ code: 0, stdout: "", stderr: "" });
});

it("passes its own test", async () => {
  const tested = await node([join(ROOT, "node_modules/vitest/vitest.mjs"), "run"], { cwd: root });
  expect(tested.stdout).toContain("2 passed");
  expect(tested.code).toBe(0);
});

it("builds without credentials and answers a ticket", async () => {
  const built = await vite();
  expect([built.code, built.stderr]).toEqual([0, ""]);
  const asked: object[] = [];
  const model = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push(JSON.parse(body));
    const content = '{ "team": "billing", "summary": "Paid twice." }';
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ choices: [{ message: { role: "assistant", content } }] }));
  });
  const url = await listenInTest(model);
  const platform = await startPlatform({ dir: join(root, "prompts") });
  try {
    const env = { ...platform.env, OPENAI_API_KEY: "none", OPENAI_BASE_URL: `${url}/v1` };
    const ran = await node(["dist/main.js", "I was charged twice."], { cwd: root, env });
    expect(ran).toEqual({
      code: 0,
      stdout: "billing: Thank you for your message. Our billing team has it: Paid twice.\n\n",
      stderr: "",
    });
    expect(asked).toMatchObject([
      {
        model: "small-sorter",
        messages: [{ role: "system" }, { role: "user", content: "I was charged twice." }],
        response_format: { json_schema: { schema: { additionalProperties: false }, strict: true } },
      },
    ]);
  } finally {
    await platform.close();
    model.close();
  }
});
