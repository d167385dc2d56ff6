import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";

it("the core and the fetch transport import no Node module and no package", async () => {
  const client = join(import.meta.dirname, "../../src/client");
  const { metafile } = await build({
    stdin: {
      contents: `export * from "./requester.ts"; export * from "./http/fetch-transport.ts"; export * from "./cache/version-loader.ts"; export * from "./cache/shared-cache.ts";`,
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
