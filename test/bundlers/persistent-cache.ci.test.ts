import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildApp, makeApp, outputFile, outputsOf } from "../support/app.ts";
import { DevPlatform } from "../support/dev-platform.ts";
import { node, succeed } from "../support/run.ts";

let platform: DevPlatform;
beforeEach(async () => {
  platform = await DevPlatform.start();
});
afterEach(() => platform.close());

describe.each([
  ["rspack", { type: "persistent" }],
  ["webpack", { type: "filesystem" }],
] as const)("%s with its cache on disk", (bundler, cache) => {
  it("resolves every prompt in every build, and ships the current version", async () => {
    await platform.save("hi", "Hi {{who}}.");
    const root = await makeApp({
      "src/main.ts": 'import hi from "scope:hi";\nconsole.log(hi({ who: "you" }));\n',
    });
    const env = { ...platform.env, TEST_CACHE: JSON.stringify(cache) };
    const build = async () => {
      await succeed(buildApp(bundler, root, env));
      return (await node([outputFile(bundler, root)], { cwd: root })).stdout;
    };
    const manifest = async () =>
      (await outputsOf(root)).flatMap(({ prompts }) =>
        prompts.map(({ name, versionNumber }) => `${name} ${versionNumber}`),
      );
    expect(await build()).toBe("Hi you.\n");
    expect(await build()).toBe("Hi you.\n");
    expect(await manifest()).toEqual(["hi 1"]);

    await platform.save("hi", "Welcome {{who}}.");
    expect(await build()).toBe("Welcome you.\n");
    expect(await manifest()).toEqual(["hi 2"]);

    await platform.remove("hi");
    const refused = await buildApp(bundler, root, { ...env, SCOPE_FETCH: "always" });
    expect(refused, refused.stderr).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("hi");

    // What failed is in no cache.
    await platform.save("hi", "Again {{who}}.");
    expect(await build()).toBe("Again you.\n");
  });
});
