import { describe, expect } from "vitest";
import { installed } from "./installed.ts";

describe("Vitest", () => {
  const tool = { fixture: "vitest", title: "Vitest", package: "vitest" };
  const supports = installed(tool, (app) => app.succeedBin("scope-gen pull"));

  supports("node, jsdom, vi.mock", "tests render the committed version", async (app) => {
    const { stdout, stderr } = await app.succeedBin("vitest run");
    expect(stdout).toMatch(/Tests .*3 passed/);
    expect(stdout + stderr).not.toContain("browser bundle");
  });
});
