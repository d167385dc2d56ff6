import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { ROOT, run } from "../support/run.ts";

it("the protocol, the cache and the fetch transport import no Node module and no package", async () => {
  const client = join(import.meta.dirname, "../../src/client");
  const { metafile } = await build({
    stdin: {
      contents: `export * from "./api/fetch-version.ts"; export * from "./api/login.ts"; export * from "./http/with-retries.ts"; export * from "./http/fetch-transport.ts"; export * from "./cache/version-loader.ts"; export * from "./cache/shared-cache.ts";`,
      resolveDir: client,
    },
    bundle: true,
    write: false,
    metafile: true,
    platform: "browser",
    format: "esm",
    logLevel: "silent",
  });
  const outside = Object.keys(metafile.inputs).filter(
    (file) => !file.startsWith("src/") && file !== "<stdin>",
  );
  // The nearest name of a variable is the one thing that a small library does, and it is plain code.
  expect(outside).toEqual(["node_modules/leven/index.js"]);
});

it("leaves Node's own fetch its dispatcher", async () => {
  const script = `
    import { ScopeClient } from ${JSON.stringify(join(ROOT, "dist/client.js"))};
    const credentials = { orgId: "o", apiKey: "k", apiSecret: "s" };
    const client = new ScopeClient({ credentials, maxRetries: 0, baseUrl: "http://127.0.0.1:1" });
    await client.getPromptVersion("a").catch(({ code }) => console.log(code));
    await client.close();
    const { Agent } = await import(${JSON.stringify(join(ROOT, "node_modules/undici/index.js"))});
    console.log(globalThis[Symbol.for("undici.globalDispatcher.1")] instanceof Agent);`;
  const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "-e", script], {
    cwd: ROOT,
  });
  expect(stdout, stderr).toBe("login_failed\nfalse\n");
});
