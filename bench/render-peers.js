// The same template in other packages, each precompiled as far as the package can: name → (values) => text.
import { createRequire } from "node:module";
import { compileProject } from "@inlang/paraglide-js";
import { TextPromptClient } from "@langfuse/client";
import { Eta } from "eta";
import Handlebars from "handlebars";
import mustache from "mustache";
import { runCode } from "./compile-source.js";

/** @param template in the `scope` syntax, which handlebars, mustache and langfuse read the same way */
export async function renderPeers(template) {
  return {
    eta: eta(template),
    paraglide: await paraglide(template),
    handlebars: Handlebars.compile(template, { noEscape: true }),
    mustache: parsedMustache(template),
    langfuse: langfuse(template),
  };
}

function eta(template) {
  const engine = new Eta({ autoEscape: false, autoTrim: false });
  const render = engine.compile(template.replace(/\{\{(\w+)\}\}/g, "<%= it.$1 %>"));
  return (values) => render.call(engine, values);
}

function parsedMustache(template) {
  mustache.parse(template);
  return (values) => mustache.render(template, values, undefined, { escape: String });
}

function langfuse(template) {
  const prompt = {
    name: "bench",
    prompt: template,
    version: 1,
    config: {},
    labels: [],
    tags: [],
    type: "text",
  };
  const client = new TextPromptClient(prompt);
  return (values) => client.compile(values);
}

/** Its messages come from a project, which is made in memory. The SDK that makes one is its own dependency. */
async function paraglide(template) {
  const resolve = createRequire(createRequire(import.meta.url).resolve("@inlang/paraglide-js"));
  const { insertBundleNested, loadProjectInMemory, newProject } = await import(
    resolve.resolve("@inlang/sdk")
  );
  const settings = { baseLocale: "en", locales: ["en"] };
  const project = await loadProjectInMemory({ blob: await newProject({ settings }) });
  const parts = template.split(/\{\{(\w+)\}\}/);
  const pattern = parts.map((part, i) =>
    i % 2 === 0
      ? { type: "text", value: part }
      : { type: "expression", arg: { type: "variable-reference", name: part } },
  );
  const names = new Set(parts.filter((_, i) => i % 2 === 1));
  await insertBundleNested(project.db, {
    id: "bench",
    declarations: [...names].map((name) => ({ type: "input-variable", name })),
    messages: [{ bundleId: "bench", locale: "en", selectors: [], variants: [{ matches: [], pattern }] }],
  });
  const options = { outputStructure: "message-modules", strategy: ["baseLocale"] };
  const files = await compileProject({ project, compilerOptions: options });
  await project.close();
  const code = Object.fromEntries(Object.entries(files).filter(([name]) => /\.js(on)?$/.test(name)));
  const types = { "package.json": '{ "type": "module" }' };
  return (await runCode({ ...code, ...types }, "messages/bench.js")).bench;
}
