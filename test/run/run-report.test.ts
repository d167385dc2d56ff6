import { expect, it } from "vitest";
import { RunReport } from "../../src/run/run-report.ts";

it("names ten of the prompts that enter a browser, each once, and says how many more there are", () => {
  const said: string[] = [];
  const report = new RunReport({ info: () => {}, warn: (text) => said.push(text) });
  const names = Array.from({ length: 1000 }, (_, i) => `p${String(i).padStart(3, "0")}@production`);
  report.inBrowser(new Set(names.slice(0, 10)));
  report.inBrowser(new Set(names));
  expect(said).toEqual([
    `The text of these prompts ends up in a browser bundle, where anybody can read it: ${names.slice(0, 10).join(", ")}. If you want that, set clientBundle: "allow". If this bundle runs on a server, set target: "server".`,
    `The text of these prompts ends up in a browser bundle, where anybody can read it: ${names.slice(10, 20).join(", ")} and 980 more. If you want that, set clientBundle: "allow". If this bundle runs on a server, set target: "server".`,
  ]);
});
