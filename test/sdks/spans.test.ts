// The spans that the SDKs' instrumentations make, with the real SDK of OpenTelemetry, in a process of its own: an
// instrumentation patches what Node loads.
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "../support/app.ts";
import { node, ROOT } from "../support/run.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";
import { type Called, expectOwnVersions } from "./own-versions.ts";

let models: ModelServer;
let cwd: string;
beforeAll(async () => {
  models = await startModelServer();
  models.answer = "Because it is so, and was so before.";
  // The newest major that its instrumentation knows, which goes by the name of the package.
  cwd = await temporaryFolder();
  await cp(join(ROOT, "node_modules", "openai-6"), join(cwd, "node_modules", "openai"), { recursive: true });
});
afterAll(async () => {
  await models.close();
  await rm(cwd, { recursive: true });
});

async function spansOf(sdk: string, env = {}): Promise<readonly Called[]> {
  const ran = await node([join(import.meta.dirname, "spans.js"), sdk, models.url], {
    cwd,
    env: { OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none", ...env },
  });
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return JSON.parse(ran.stdout);
}

it.each(["openai", "anthropic", "ai", "own"])(
  "%s: each of 100 interleaved calls has its own prompt's version on the span with the tokens",
  async (sdk) => expectOwnVersions(await spansOf(sdk)),
);

it("records the values of variables only where the user asks for content on spans", async () => {
  const captured = (value: string) =>
    spansOf("own", { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: value });
  for (const value of ["true", "SPAN_AND_EVENT"]) {
    const [span] = (await captured(value)).filter(({ attributes }) => !("called" in attributes));
    expect(span?.attributes).toMatchObject({
      "gen_ai.prompt.variable.name": "Ada",
      "gen_ai.prompt.variable.items": '["1"]',
    });
  }
  for (const value of ["false", "event_only", ""])
    expect(JSON.stringify(await captured(value))).not.toContain("gen_ai.prompt.variable");
});
