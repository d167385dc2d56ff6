// Reading an answer of a model against ajv compiled by hand for the same schema, turn about in one process.
import Ajv2020 from "ajv/dist/2020.js";
import { loadCompiler, promptSource, runCode } from "./compile-source.js";
import { median, row } from "./support/measure.js";

export const about =
  "How long reading a model's answer takes, compared with a validator that ajv compiled by hand from the same schema.";

const LIMIT = 1.2;
const ROUNDS = 41;
/** How many characters a round reads with each. */
const READ = 5e6;

const object = (properties, more) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const list = (items) => ({ type: "array", items });
const text = { type: "string", minLength: 1 };
const amount = { type: "number", minimum: 0 };
const times = (length, one) => Array.from({ length }, (_, at) => one(at));

const state = { enum: ["not_started", "in_progress", "waiting_for_customer", "done"] };
const step = object({
  title: text,
  tool: { enum: ["search_mail", "read_document", "write_reply", "ask_colleague"] },
  risk: { enum: ["low", "medium", "high"] },
  state,
  after: list({ type: "integer" }),
});
const node = (depth) => ({
  name: `part ${depth}`,
  open: depth > 2,
  children: times(depth === 0 ? 0 : 3, () => node(depth - 1)),
});

/** A schema, and an answer that fits it. */
const SHAPES = {
  "a ticket": [
    object(
      {
        team: { enum: ["billing", "support", "sales"] },
        summary: { type: "string", minLength: 1, maxLength: 200 },
        urgent: { type: "boolean" },
        owner: { anyOf: [object({ id: { type: "integer" }, mail: text }), { type: "null" }] },
        steps: list({ $ref: "#/$defs/step" }),
      },
      { $defs: { step: object({ text, minutes: amount, after: list({ type: "string" }) }) } },
    ),
    {
      team: "billing",
      summary: "The customer has paid twice, and asks for one of the payments back.",
      urgent: true,
      owner: { id: 7, mail: "ada@example.com" },
      steps: times(19, (at) => ({
        text: `Look at payment ${at} and say whether it was booked.`,
        minutes: at,
        after: ["login", "search"],
      })),
    },
  ],
  "an invoice": [
    object({
      number: text,
      date: { type: "string", maxLength: 10 },
      currency: { enum: ["EUR", "USD", "GBP"] },
      seller: object({ name: text, city: text, vat: { type: ["string", "null"] } }),
      lines: list(
        object({ article: text, quantity: { type: "integer", minimum: 1 }, price: amount, total: amount }),
      ),
      total: amount,
    }),
    {
      number: "2026-0417",
      date: "2026-11-30",
      currency: "EUR",
      seller: { name: "Lovelace & Co.", city: "London", vat: null },
      lines: times(20, (at) => ({
        article: `Screws, ${at} mm`,
        quantity: 1 + at,
        price: 2.5,
        total: 2.5 * (1 + at),
      })),
      total: 525,
    },
  ],
  "a tree": [
    {
      $ref: "#/$defs/node",
      $defs: {
        node: object({ name: text, open: { type: "boolean" }, children: list({ $ref: "#/$defs/node" }) }),
      },
    },
    node(3),
  ],
  "a plan": [
    object({ goal: text, phases: list(object({ name: text, state, steps: list(step) })) }),
    {
      goal: "Find out why the payment was booked twice.",
      phases: times(5, (phase) => ({
        name: `phase ${phase}`,
        state: "in_progress",
        steps: times(6, (at) => ({
          title: `Look at payment ${at}.`,
          tool: "read_document",
          risk: "low",
          state: "waiting_for_customer",
          after: [0, at],
        })),
      })),
    },
  ],
};

/** @returns {Promise<{ rows: { name: string, value: number, limit: number | undefined, met: boolean }[] }>} */
export async function run() {
  const schemas = Object.values(SHAPES).map(([schema]) => schema);
  const outputs = await outputsOf(schemas);
  const measured = Object.entries(SHAPES).map(([name, [schema, value]], at) => {
    const validate = new Ajv2020.default().compile(schema);
    const byHand = (text) => {
      const value = JSON.parse(text);
      if (!validate(value)) throw new Error("It does not fit.");
      return value;
    };
    return { name, answer: JSON.stringify(value), parse: outputs[at].parse, byHand, ratios: [] };
  });
  // Shape by shape in each round: what an application reads isn't of one shape either.
  for (let round = 0; round < ROUNDS; round++) {
    for (const { answer, parse, byHand, ratios } of measured) {
      // By turns, so that neither is always the one that comes first.
      const both = round % 2 === 0 ? [parse, byHand] : [byHand, parse];
      const times = new Map(both.map((one) => [one, timeOf(one, answer)]));
      ratios.push(times.get(parse) / times.get(byHand));
    }
  }
  const rows = measured.map(({ name, answer, ratios }) => {
    const size = (answer.length / 1000).toFixed(1);
    return row(`read ${name} of ${size} KB: parse / ajv compiled by hand`, median(ratios), LIMIT);
  });
  return { rows };
}

/** The exports `output` of the modules of prompts with these schemas, which share the helper as in an application. */
async function outputsOf(schemas) {
  const { compileOutput, compilePrompt, emitHelper, emitModule, emitOutputHelper } = await loadCompiler();
  const helpers = { helper: "./helper.mjs", outputHelper: "./output.mjs" };
  const files = {
    "helper.mjs": emitHelper({ development: false }),
    "output.mjs": emitOutputHelper(),
    "all.mjs": "",
  };
  for (const [at, schema] of schemas.entries()) {
    const source = promptSource("Sort {{ticket}}", { metadata: { output_schema: schema } });
    const compiled = compilePrompt(source, await compileOutput(source, { metadataKey: "output_schema" }));
    files[`${at}.mjs`] = emitModule(compiled, { development: false, ...helpers });
    files["all.mjs"] += `export { output as output${at} } from "./${at}.mjs";\n`;
  }
  return Object.values(await runCode(files, "all.mjs"));
}

/** The CPU, not the clock: other programs have parts of a round. */
function timeOf(parse, answer) {
  const before = process.cpuUsage();
  for (let read = 0; read < READ; read += answer.length) parse(answer);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
