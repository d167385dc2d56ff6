import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { isScopeError } from "../../src/errors/scope-error.ts";
import { type PlatformOptions, startPlatform } from "../../src/platform/index.ts";
import { projectFolder } from "../project/config/project-folder.ts";
import { listen } from "../support/listen.ts";
import { ask, loggedIn, logIn, serve } from "./platform-helpers.ts";

async function faultOf(options: unknown) {
  const started = startPlatform(options as PlatformOptions);
  const error = await started.then(
    (platform) => platform.close(),
    (problem: unknown) => problem,
  );
  if (!isScopeError(error)) throw new Error("It should not have started");
  return error;
}

describe("startPlatform refuses", () => {
  // biome-ignore format: one row a line
  test.each([
    ["no options", undefined, `"dir" must be the folder of prompts.`],
    ["no folder", {}, `"dir" must be the folder of prompts.`],
    ["an empty folder name", { dir: "" }, `"dir" must be the folder of prompts.`],
    ["a port past the last", { dir: ".", port: 70_000 }, `"port" must be a port from 0 to 65535.`],
    ["half a port", { dir: ".", port: 80.5 }, `"port" must be a port from 0 to 65535.`],
    ["a port as a string", { dir: ".", port: "80" }, `"port" must be a port from 0 to 65535.`],
    ["an empty secret", { dir: ".", credentials: { apiSecret: "" } }, `"credentials.apiSecret" must be text that isn't empty.`],
    ["a string for a switch", { dir: ".", drafts: "yes" }, `"drafts" must be true or false.`],
    ["a hook that isn't one", { dir: ".", onRequest: "log" }, `"onRequest" must be a function.`],
  ])("%s", async (_, options, message) => {
    const error = await faultOf(options);
    expect(error.code).toBe("platform_options_invalid");
    expect(error.message).toBe(message);
  });

  test("an unknown option, with the nearest one", async () => {
    expect(await faultOf({ dir: ".", onrequest: 5 })).toMatchObject({
      code: "platform_options_invalid",
      message: `"onrequest" isn't an option of startPlatform.`,
      hint: `Did you mean "onRequest"?`,
    });
    expect((await faultOf({ dir: ".", credentials: { secret: "hush-hush" } })).message).not.toContain("hush");
  });

  test("a missing folder, or a file", async () => {
    const dir = await projectFolder({ file: "x" });
    for (const path of [join(dir, "gone"), join(dir, "file")]) {
      const error = await faultOf({ dir: path });
      expect(error.code).toBe("platform_options_invalid");
      expect(error.message).toBe(`There's no folder of prompts at ${path}.`);
    }
  });

  test("a port that is in use, naming it", async () => {
    const { port, close } = await listen(createServer());
    onTestFinished(close);
    const error = await faultOf({ dir: await projectFolder({}), port });
    expect(error.code).toBe("port_unavailable");
    expect(error.message).toBe(`Port ${port} on 127.0.0.1 is in use.`);
    expect(error.hint).toContain("another port");
  });
});

describe("a running platform", () => {
  test("uses the given port, and releases it", async () => {
    const first = await serve({ "p/1.md": "x" });
    await first.close();
    const second = await serve({ "p/1.md": "x" }, { port: first.port });
    expect(second.url).toBe(`http://127.0.0.1:${first.port}`);
    expect((await logIn(second.url)).status).toBe(200);
  });

  test("only listens on 127.0.0.1", async () => {
    const { port } = await serve({ "p/1.md": "x" });
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, address }) => family === "IPv4" && address !== "127.0.0.1")
      .map(({ address }) => address);
    for (const host of [...others, "127.0.0.2"]) {
      await expect(reach(host, port)).resolves.toBe("refused");
    }
    await expect(reach("127.0.0.1", port)).resolves.toBe("reached");
  });
});

describe("close", () => {
  test("cuts open connections: idle ones, half requests, responses that wait for a file", async () => {
    const { url, port, dir, close } = await serve({ "p/1.md": "x" });
    const get = await loggedIn(url);
    const changing = setInterval(() => writeFileSync(join(dir, "p/1.md"), `${performance.now()}`), 5);
    onTestFinished(() => clearInterval(changing));
    const idle = connect(port, "127.0.0.1");
    const half = connect(port, "127.0.0.1", () =>
      half.write("POST /v1/auth/applications/login HTTP/1.1\r\nHost: localhost\r\n"),
    );
    const ends = [idle, half].map((socket) => {
      socket.on("error", () => {});
      return new Promise((done) => socket.on("close", done));
    });
    const held = get("p/latest").then(
      () => "answered",
      () => "cut",
    );
    await new Promise((done) => setTimeout(done, 100));
    const startedAt = performance.now();
    await close();
    await Promise.all(ends);
    expect(await held).toBe("cut");
    expect(performance.now() - startedAt).toBeLessThan(5000);
    await expect(ask(url, "/")).rejects.toThrow(/ECONNREFUSED/);
  });

  test("can be called twice, and with `await using`", async () => {
    const dir = await projectFolder({ "p/1.md": "x" });
    let url: string;
    {
      await using platform = await startPlatform({ dir });
      url = platform.url;
      expect((await logIn(url)).status).toBe(200);
      await Promise.all([platform.close(), platform.close()]);
    }
    await expect(ask(url, "/")).rejects.toThrow(/ECONNREFUSED/);
  });

  test("lets the process end, also while responses are waiting", async () => {
    const dir = await projectFolder({ "p/1.md": "x" });
    const entry = new URL("../../src/platform/index.ts", import.meta.url).href;
    const script = `
      import { writeFileSync } from "node:fs";
      import { createJiti } from ${JSON.stringify(import.meta.resolve("jiti"))};
      const { startPlatform } = await createJiti(import.meta.url).import(${JSON.stringify(entry)});
      const platform = await startPlatform({ dir: ${JSON.stringify(dir)} });
      // A response waits until the file is no longer written.
      const changing = setInterval(() => writeFileSync(${JSON.stringify(join(dir, "p/1.md"))}, "" + Math.random()), 5);
      const body = '{ "account_id": "local", "client_id": "local", "client_secret": "local" }';
      const login = await fetch(platform.url + "/v1/auth/applications/login", { method: "POST", body });
      const headers = { authorization: "Bearer " + (await login.json()).access_token };
      fetch(platform.url + "/api/v1/prompts/p/latest", { headers }).catch(() => console.log("cut"));
      setTimeout(() => {
        clearInterval(changing);
        platform.close().then(() => console.log("closed"));
      }, 200);
    `;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    const code = await new Promise((done) => child.on("exit", done));
    expect(code).toBe(0);
    expect(output.split("\n").sort().join(" ").trim()).toBe("closed cut");
  });
});

function reach(host: string, port: number): Promise<string> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 2000 }, () => {
      socket.destroy();
      done("reached");
    });
    socket.on("error", () => done("refused"));
    socket.on("timeout", () => {
      socket.destroy();
      done("refused");
    });
  });
}
