// The workflows of the recipes, step by step as the pages show them, in a project in reviewed mode or fresh.
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { temporaryFolder } from "../support/app.ts";
import type { DevPlatform } from "../support/dev-platform.ts";
import { ROOT, run, succeed } from "../support/run.ts";
import { PROMPT, useReviewedProject } from "./reviewed-project.ts";
import { Workflow } from "./workflow.ts";

const COMMENT = "prompts.yml";
// Each step starts several programs.
vi.setConfig({ testTimeout: 180_000 });

const project = useReviewedProject();
let platform: DevPlatform;
let root: string;
beforeEach(async () => {
  ({ platform, root } = project());
});

describe("the comment on a pull request", () => {
  it("names the call that breaks, fails the job, and is a single comment that gets updated", async () => {
    const workflow = await Workflow.open(COMMENT, root, platform.env);
    const others = [
      { id: 1, user: { type: "Bot" }, body: "The bundle is 3 KB." },
      { id: 2, user: { type: "User" }, body: "Is this mine? <!-- scope-gen .@ -->" },
      { id: 3, user: { type: "Bot" }, body: "Why <!-- scope-gen .@ --> here?" },
    ];
    await workflow.writeGh({ calls: [], comments: others });
    await platform.save(PROMPT, "Hello {{name}} on {{plan}}.");

    const ran = await workflow.run();
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(/^::error file=src\/main\.ts,line=3,/m);
    const first = await workflow.readGh();
    expect(first.comments.slice(0, 3)).toEqual(others);
    expect(first.comments.slice(3).map(({ body }) => body)).toEqual([
      expect.stringMatching(
        /1 → 2 \| \*\*breaking\*\*.*\[`src\/main\.ts:3:\d+`\]\(<https:\/\/github\.com\/acme\/shop\/blob\/c0ffee\/src\/main\.ts#L3>\).*^<!-- scope-gen \.@ -->$/ms,
      ),
    ]);
    expect(await workflow.readSummary()).toContain("1 → 2 | **breaking**");

    await platform.save(PROMPT, "Hi {{name}}.");
    expect(await workflow.run()).toMatchObject({ code: 0 });
    const second = await workflow.readGh();
    expect(second.comments).toHaveLength(4);
    expect(second.comments.slice(0, 3)).toEqual(others);
    expect(second.comments[3]?.body).toMatch(/1 → 3 \| text/);
  });

  it("isn't posted if `check` couldn't decide", async () => {
    const workflow = await Workflow.open(COMMENT, root, {
      ...platform.env,
      SCOPE_API_SECRET: "another",
    });
    expect(await workflow.run()).toMatchObject({ code: 1 });
    expect((await workflow.readGh()).calls).toEqual([]);
    expect(await workflow.readSummary()).toContain("could not decide");
  });

  it("isn't posted in an outage, which fails the job unless it's neutral", async () => {
    // A port that nobody listens at.
    const down = "http://127.0.0.1:9";
    const env = { ...platform.env, SCOPE_API_URL: down, SCOPE_AUTH_API_URL: down };
    const failing = await Workflow.open(COMMENT, root, env);
    expect(await failing.run()).toMatchObject({ code: 1 });
    expect(await failing.readSummary()).toContain("could not decide");
    const inputs = { "on-outage": "neutral" };
    const neutral = await Workflow.open(COMMENT, root, env, { inputs });
    const ran = await succeed(neutral.run());
    expect(ran.stderr).toContain("build_platform_down");
    expect(ran.stdout).toContain("::notice title=scope-gen::The Scope Platform can't be reached");
    expect(await neutral.readSummary()).toContain("on-outage is neutral");
    expect((await neutral.readGh()).calls).toEqual([]);
    // Wrong credentials are no outage.
    const refused = await Workflow.open(
      COMMENT,
      root,
      { ...platform.env, SCOPE_API_SECRET: "another" },
      { inputs },
    );
    expect(await refused.run()).toMatchObject({ code: 1 });
  });

  it("goes to the summary, which says so, for a fork and for a token that can't write", async () => {
    const { SCOPE_API_URL = "", SCOPE_AUTH_API_URL = "" } = platform.env;
    const fork = await Workflow.open(
      COMMENT,
      root,
      { SCOPE_API_URL, SCOPE_AUTH_API_URL },
      { from: "somebody/shop", inputs: { label: "latest" } },
    );
    await platform.save(PROMPT, "Hello {{name}} on {{plan}}.");
    expect(await fork.run()).toMatchObject({ code: 0 });
    expect((await fork.readGh()).calls).toEqual([]);
    expect(await fork.readSummary()).toMatch(/The platform wasn't asked.*from a fork gets no comment/s);

    const inputs = { label: "latest" };
    const dependabot = await Workflow.open(COMMENT, root, { SCOPE_API_URL, SCOPE_AUTH_API_URL }, { inputs });
    expect(await dependabot.run()).toMatchObject({ code: 0 });
    expect(await dependabot.readSummary()).toMatch(
      /wasn't asked.*label latest was left out: .*no credentials/s,
    );

    const bot = await Workflow.open(COMMENT, root, platform.env);
    await bot.writeGh({ calls: [], comments: [], isForbidden: true });
    const ran = await bot.run();
    expect(ran.code).toBe(3);
    expect(ran.stdout).toContain("::warning title=scope-gen::The comment could not be posted.");
    expect(await bot.readSummary()).toMatch(/1 → 2 \| \*\*breaking\*\*.*could not be posted/s);
  });

  it("is a separate one for each folder and label, and isn't written unless you ask for it", async () => {
    const inputs = { "working-directory": basename(root), label: "latest", "fail-on": "any" };
    const event = { workspace: dirname(root), inputs };
    const workflow = await Workflow.open(COMMENT, root, platform.env, event);
    await platform.save(PROMPT, "Hi {{name}}.");
    const ran = await workflow.run();
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`::warning file=${basename(root)}/scope/${PROMPT}@production.json`);
    const { comments } = await workflow.readGh();
    expect(comments.map(({ body }) => body)).toEqual([
      expect.stringContaining(`<!-- scope-gen ${basename(root)}@latest -->`),
    ]);
    const silent = await Workflow.open(COMMENT, root, platform.env, { inputs: { comment: "false" } });
    expect(await silent.run()).toMatchObject({ code: 0 });
    expect((await silent.readGh()).calls).toEqual([]);
    expect(await silent.readSummary()).toContain("1 → 2 | text");
  });
});

describe("the scheduled pull", () => {
  const git = async (...words: string[]) => {
    const ran = await succeed(run("git", words, { cwd: root, env: { GIT_CONFIG_GLOBAL: "/dev/null" } }));
    return ran.stdout;
  };

  /** A job starts with a fresh checkout of the default branch. */
  const checkOut = async () => {
    await git("checkout", "--force", "main");
    await git("branch", "--delete", "--force", "scope/pull");
  };

  const start = async (inputs: Readonly<Record<string, string>> = {}) => {
    const origin = await temporaryFolder();
    onTestFinished(() => rm(origin, { recursive: true, force: true }));
    await git("init", "--bare", "--initial-branch", "main", origin);
    await git("init", "--initial-branch", "main");
    await git("remote", "add", "origin", origin);
    await git("add", "--all");
    await git("-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "--message", "Start");
    const workflow = await Workflow.open("pull-prompts.yml", root, platform.env, { inputs });
    const body = async () => {
      const call = (await workflow.readGh()).calls.at(-1) ?? [];
      return [call[1], await readFile(call[call.indexOf("--body-file") + 1] ?? "", "utf8")];
    };
    return { workflow, body };
  };

  it("opens one with what latest points at, pinned, if you choose that", async () => {
    const { workflow, body } = await start({ label: "latest" });
    await platform.save(PROMPT, "Hi {{name}}.");
    expect(await workflow.run()).toMatchObject({ code: 0 });
    expect(await body()).toEqual(["create", expect.stringMatching(/1 → 2 \| text/)]);
    expect(await git("show", "origin/scope/pull:scope.config.json")).toContain('"version": ');
    const pushed = await git("show", `origin/scope/pull:scope/${PROMPT}@version-2.json`);
    expect(JSON.parse(pushed)).toMatchObject({ versionNumber: 2 });
  });

  it("opens one pull request, whose text says what changed", async () => {
    const { workflow, body } = await start();

    expect(await workflow.run()).toMatchObject({ code: 0 });
    expect((await workflow.readGh()).calls).toEqual([]);
    await checkOut();

    await platform.save(PROMPT, "Hello {{name}} on {{plan}}.");
    expect(await workflow.run()).toMatchObject({ code: 0 });
    expect(await body()).toEqual(["create", expect.stringMatching(/1 → 2 \| \*\*breaking\*\*/)]);
    const pushed = await git("show", `origin/scope/pull:${join("scope", `${PROMPT}@production.json`)}`);
    expect(JSON.parse(pushed)).toMatchObject({ versionNumber: 2 });
    await checkOut();

    await platform.save(PROMPT, "Hi {{name}}.");
    expect(await workflow.run()).toMatchObject({ code: 0 });
    expect(await body()).toEqual(["edit", expect.stringMatching(/1 → 3 \| text/)]);
  });
});

describe("a deploy", () => {
  const open = async (file: string, env: Readonly<Record<string, string>>) => {
    const vite = join(ROOT, "node_modules", "vite", "bin", "vite.js");
    const scripts = { build: `node ${vite} build --ssr src/main.ts --logLevel error` };
    await writeFile(join(root, "package.json"), JSON.stringify({ type: "module", scripts }));
    const plugin = 'import scope from "unplugin-scope/vite";\n\nexport default { plugins: [scope()] };\n';
    await writeFile(join(root, "vite.config.js"), plugin);
    await rm(join(root, "dist"), { recursive: true, force: true });
    const bin = join(root, "node_modules", ".bin");
    await mkdir(bin, { recursive: true });
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    if (!existsSync(join(bin, "tsc"))) await symlink(tsc, join(bin, "tsc"));
    return Workflow.open(file, root, env);
  };
  const shipped = async () =>
    existsSync(join(root, "dist")) ? await readFile(join(root, "dist/main.js"), "utf8") : "";

  it("in reviewed mode ships what's committed, without credentials", async () => {
    await platform.save(PROMPT, "Hi {{name}}.");
    const workflow = await open("reviewed.yml", {});
    await succeed(workflow.run());
    expect(await shipped()).toContain("Hello ");
  });

  it("in fresh mode ships what the label points at, and stops where a call breaks or the platform is down", async () => {
    await rm(join(root, "scope.config.json"));
    await platform.save(PROMPT, "Hi {{name}}.");
    const workflow = await open("fresh.yml", platform.env);
    await succeed(workflow.run());
    expect(await shipped()).toContain("Hi ");

    await platform.save(PROMPT, "Hi {{name}}, {{ticket}}.");
    const breaking = await open("fresh.yml", platform.env);
    expect([(await breaking.run()).code, await shipped()]).toEqual([3, ""]);

    // A port that nobody listens at.
    const down = {
      ...platform.env,
      SCOPE_API_URL: "http://127.0.0.1:9",
      SCOPE_AUTH_API_URL: "http://127.0.0.1:9",
    };
    const inOutage = await open("fresh.yml", down);
    expect([(await inOutage.run()).code, await shipped()]).toEqual([1, ""]);
    const committed = await open("reviewed.yml", {});
    await succeed(committed.run());
    expect(await shipped()).toContain("Hello ");
  });
});
