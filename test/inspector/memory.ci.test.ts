import { createServer } from "node:http";
import { connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { watchOverview } from "../../src/inspector/handler.ts";
import type { Overview } from "../../src/inspector/inspector.ts";
import { testProject } from "../commands/cli-helpers.ts";
import { listen } from "../support/listen.ts";
import { waitFor } from "../support/wait-for.ts";
import { post, startUi } from "./inspected-app.ts";

// Issue 24, row 8: what the page looks at must not stay for good.
it("renders one edit after another in the memory of a few", async () => {
  const text = (number: number) => `${number} {{name}} ${"lorem ipsum ".repeat(25_000)}`;
  const { root, env, prompt } = await testProject(
    {
      "scope.config.json":
        '{ "prompts": ["long"], "dev": { "interval": 0.005, "maxRequestsPerSecond": 1000 } }',
    },
    { "long/1.md": text(1) },
  );
  // All edits together have 45 MB, and ended in a third of that.
  const url = await startUi(root, env, ["--max-old-space-size=100"]);
  const query = "specifier=scope:long";
  for (let number = 2; number <= 150; number++) {
    await prompt("long/1.md", text(number));
    // The page asks for a version once it has seen it.
    await (await fetch(`${url}api/overview`)).json();
    await fetch(`${url}api/version?${query}&side=platform`);
    const fields = { specifier: "scope:long", side: "platform", values: { name: "Ada" } };
    const { output } = await (await post(url, "render", fields)).json();
    expect(output.slice(0, 10)).toBe(`${number} Ada lorem`.slice(0, 10));
  }
}, 120_000);

it("keeps one overview at most for a page that doesn't read, and sends it the last one", async () => {
  let number = 0;
  const source = {
    committed: async () => ({ project: "0" }) as Overview,
    overview: async () => ({ project: `${++number} ${"x".repeat(1_000_000)}` }) as Overview,
  };
  const updates = watchOverview(source, 1);
  const responses: { readonly writableLength: number }[] = [];
  const server = createServer((_, response) => {
    responses.push(response);
    updates.add(response);
  });
  const { port, close } = await listen(server);
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => {
    updates.close();
    socket.destroy();
    return close();
  });
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await waitFor("fifty edits", () => number >= 50);
  expect(responses[0]?.writableLength).toBeLessThan(4_000_000);
  let read = "";
  socket.resume().on("data", (chunk) => {
    read = (read + chunk).slice(-2_000_000);
  });
  const atResume = number;
  await waitFor("the last one", () => Number(/"project":"(\d+) x+"/.exec(read)?.[1]) >= atResume);
});
