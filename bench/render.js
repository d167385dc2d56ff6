// Rendering against a template literal written by hand without a check, and against other packages, in one process.
// The characters are really copied: a result is read from, because V8 otherwise only notes what was to be joined.
import { loadCompiler, promptSource, runCode } from "./compile-source.js";
import { renderPeers } from "./render-peers.js";
import { median, row } from "./support/measure.js";

export const about =
  "How long a render takes, compared with a template literal that you write yourself, and how long other packages take for the same text.";

const LIMIT = 1.05;
/** Modules of each kind that are measured: how fast one runs depends also on where the engine happened to put it. */
const COPIES = 5;
const ROUNDS = 25;
const SENTENCE = "You answer in short, plain sentences and say so when you are not sure of something. ";
const VALUES = {
  name: "Ada",
  place: "London",
  topic: "looms",
  audience: "weavers",
  question: "How does a loom hold its threads apart?",
};
const SHAPES = {
  short: { content: "Hello {{name}}, welcome to {{place}}!", calls: 20_000 },
  "1.5 KB": { content: text(1500, 500), calls: 5_000 },
  "20 KB": { content: text(20_000, 2_000), calls: 600 },
  chat: {
    content: [
      { role: "system", content: text(600, 300) },
      { role: "user", content: "{{question}}" },
    ],
    calls: 10_000,
  },
};

/** @returns {Promise<{ rows: { name: string, value: number, limit: number | undefined, met: boolean }[] }>} */
export async function run() {
  const compiler = await loadCompiler();
  const rows = [];
  for (const [name, { content, calls }] of Object.entries(SHAPES)) {
    const pairs = [];
    for (let i = 0; i < COPIES; i++) {
      // By turns, so that neither kind is always the one that comes first.
      const [first, second] = i % 2 === 0 ? [ours, byHand] : [byHand, ours];
      const made = new Map([[first, await first(content, compiler)]]);
      made.set(second, await second(content, compiler));
      pairs.push([made.get(ours), made.get(byHand)]);
    }
    expectSame(pairs[0], content);
    const ratios = pairs.map(([render, hand]) => ratio(render, hand, calls));
    rows.push(row(`render ${name}: unplugin-scope / hand-written literal`, median(ratios), LIMIT));
    if (typeof content !== "string") continue;
    const hand = pairs[0][1];
    for (const [peer, render] of Object.entries(await renderPeers(content))) {
      expectSame([render, hand], content);
      const slower = Math.max(1, Math.round(calls / 10));
      rows.push(row(`render ${name}: ${peer} / hand-written literal`, ratio(render, hand, slower)));
    }
  }
  return { rows };
}

async function ours(content, { compilePrompt, emitHelper, emitModule }) {
  const options = { development: false, helper: "./scope-runtime.mjs" };
  const files = {
    "prompt.mjs": emitModule(compilePrompt(promptSource(content)), options),
    "scope-runtime.mjs": emitHelper(options),
  };
  return (await runCode(files, "prompt.mjs")).default;
}

async function byHand(content) {
  const literal = (template) => `\`${template.replace(/\{\{(\w+)\}\}/g, (_, name) => `\${v.${name}}`)}\``;
  const messages = () =>
    content.map(({ role, content: one }) => `{ role: ${JSON.stringify(role)}, content: ${literal(one)} }`);
  const body = typeof content === "string" ? literal(content) : `[${messages().join(", ")}]`;
  return (await runCode({ "prompt.mjs": `export default (v) => ${body};\n` }, "prompt.mjs")).default;
}

function ratio(render, hand, calls) {
  const ratios = [];
  for (let i = 0; i < 5; i++) for (const one of [render, hand]) time(one, calls);
  for (let i = 0; i < ROUNDS; i++) {
    const order = i % 2 === 0 ? [render, hand] : [hand, render];
    const times = new Map(order.map((one) => [one, time(one, calls)]));
    ratios.push(times.get(render) / times.get(hand));
  }
  return median(ratios);
}

// Different values, so that no call can be the one before.
const INPUTS = Array.from({ length: 64 }, (_, i) =>
  Object.fromEntries(Object.entries(VALUES).map(([name, value]) => [name, `${value} ${i}`])),
);

function time(render, calls) {
  let sum = 0;
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) sum += read(render(INPUTS[i & 63]));
  const taken = Number(process.hrtime.bigint() - start);
  if (sum < 0) throw new Error("nothing was rendered");
  return taken;
}

/** Reads from the middle of each text, for which the engine must write it out. */
function read(result) {
  if (typeof result === "string") return result.charCodeAt(result.length >> 1);
  let sum = 0;
  for (const { content } of result) sum += content.charCodeAt(content.length >> 1);
  return sum;
}

function expectSame([render, hand], content) {
  if (JSON.stringify(render(VALUES)) !== JSON.stringify(hand(VALUES)))
    throw new Error(`two renderings differ for ${JSON.stringify(content).slice(0, 80)}`);
}

function text(length, every) {
  let written = "";
  let next = every / 2;
  while (written.length < length) {
    written += SENTENCE;
    if (written.length < next) continue;
    next += every;
    written += "The topic is {{topic}}, for {{audience}}. ";
  }
  return written.slice(0, -1);
}
