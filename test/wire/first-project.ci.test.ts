import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { packedApp } from "../package/packed-app.ts";
import { writeTree } from "../support/app.ts";
import { type Ran, ROOT, run } from "../support/run.ts";
import { ReferencePlatform } from "./reference-platform.ts";
import { FORMS } from "./wire-forms.ts";

/** What `npm create vite` makes of its template vanilla-ts, in short, without a config of Vite's. */
const STARTER = {
  "index.html":
    '<!doctype html><html><body><div id="app"></div><script type="module" src="/src/main.ts"></script></body></html>',
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "es2023",
      module: "esnext",
      lib: ["ES2023", "DOM"],
      types: ["vite/client"],
      skipLibCheck: true,
      moduleResolution: "bundler",
      verbatimModuleSyntax: true,
      moduleDetection: "force",
      noEmit: true,
      strict: true,
    },
    include: ["src"],
  }),
  ".gitignore": "node_modules\ndist\n*.local\n",
  "src/main.ts": 'document.querySelector("#app")!.textContent = "Vite";\n',
};

const MAIN = `
import answer from "scope:answer_letter";
import letter, { versionNumber } from "scope:welcome-letter";

const [system, user] = answer({ name: "Ada", app: "Looms" });
const role: "system" = system.role;
const lines = [letter({ name: "Ada", app: "Looms" }), versionNumber, role, user.content];
document.querySelector("#app")!.textContent = lines.join("|");
`;

/** Runs the script of a built page in its document, and prints the text that it leaves there. */
const RUN_PAGE = `
import { parseHTML } from ${JSON.stringify(pathToFileURL(join(ROOT, "node_modules/linkedom/esm/index.js")))};
const [html, script] = process.argv.slice(1);
const { document, MutationObserver } = parseHTML(html);
Object.assign(globalThis, { document, MutationObserver });
await import(script);
console.log(document.querySelector("#app").textContent);
`;

let platform: ReferencePlatform;
let app: string;

const npx = (...line: readonly string[]): Promise<Ran> => run("npx", ["--no-install", ...line], { cwd: app });

async function succeed(...line: readonly string[]): Promise<string> {
  const ran = await npx(...line);
  expect(ran, `${line.join(" ")}\n${ran.stdout}\n${ran.stderr}`).toMatchObject({ code: 0 });
  return ran.stdout;
}

beforeAll(async () => {
  platform = await ReferencePlatform.start();
  ({ app } = await packedApp());
  const { devDependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const tools = ["vite", "typescript"].map((name) => `${name}@${devDependencies[name]}`);
  const installed = await run("npm", ["install", "--no-audit", "--no-fund", "--save-dev", ...tools], {
    cwd: app,
  });
  expect(installed, installed.stderr).toMatchObject({ code: 0 });
  const env = Object.entries(platform.env).map(([name, value]) => `${name}=${value}\n`);
  await writeTree(app, { ...STARTER, ".env.local": env.join("") });
}, 240_000);
afterAll(() => platform.close());

it("gets from init to a running page, on a platform that behaves exactly as documented", async () => {
  const text = { name: "welcome-letter", number: 3 };
  const chat = { name: "answer_letter", number: 5, kind: "chat-roles" } as const;
  for (const version of [text, chat]) platform.serve(version.name, FORMS.documented(version));

  await succeed("scope-gen", "init", "--yes");
  await writeFile(join(app, "src", "main.ts"), MAIN);
  expect((await npx("tsc")).stdout).toContain("Cannot find module 'scope:answer_letter'");
  await succeed("scope-gen", "pull");
  await succeed("tsc");
  await succeed("scope-gen", "check");
  await succeed("scope-gen", "doctor");
  await succeed("vite", "build");

  const html = await readFile(join(app, "dist", "index.html"), "utf8");
  const [script = ""] = (await readdir(join(app, "dist", "assets"))).filter((name) => name.endsWith(".js"));
  const url = pathToFileURL(join(app, "dist", "assets", script)).href;
  const page = await run(process.execPath, ["--input-type=module", "--eval", RUN_PAGE, html, url], {
    cwd: app,
  });
  expect(page, page.stderr).toMatchObject({
    code: 0,
    stdout: "Dear Ada, Looms greets you, edition 3.|3|system|I am Ada.\n",
  });

  const logins = platform.requests.filter((one) => one.startsWith("POST"));
  expect(new Set(logins)).toContain("POST /v1/auth/sdk-token");
  const asked = platform.requests.filter((one) => one.startsWith("GET"));
  expect([...new Set(asked)].sort()).toEqual([
    "GET /api/v1/prompts/answer_letter/production",
    "GET /api/v1/prompts/welcome-letter/production",
  ]);

  await writeFile(join(app, "src", "main.ts"), MAIN.replace('app: "Looms"', 'ap: "Looms"'));
  expect((await npx("tsc")).stdout).toContain("'ap' does not exist in type");
  await writeFile(join(app, "src", "main.ts"), MAIN.replace("scope:answer_letter", "scope:anser_letter"));
  expect((await npx("scope-gen", "pull")).stderr).toContain("Prompt 'anser_letter' not found");
});
