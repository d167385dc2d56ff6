// Reading an answer of a model against ajv compiled by hand for the same schema, turn about in one process.
import Ajv2020 from "ajv/dist/2020.js";
import { loadCompiler, promptSource, runCode } from "./compile-source.js";
import { median, row } from "./support/measure.js";

export const about =
  "How long reading a model's answer takes, compared with a validator that ajv compiled by hand from the same schema.";

const LIMIT = 1.2;
const ROUNDS = 41;
const CALLS = 2000;

const SCHEMA = {
  type: "object",
  properties: {
    team: { enum: ["billing", "support", "sales"] },
    summary: { type: "string", minLength: 1, maxLength: 200 },
    urgent: { type: "boolean" },
    owner: {
      anyOf: [
        {
          type: "object",
          properties: { id: { type: "integer" }, mail: { type: "string" } },
          required: ["id", "mail"],
        },
        { type: "null" },
      ],
    },
    steps: { type: "array", items: { $ref: "#/$defs/step" } },
  },
  required: ["team", "summary", "urgent", "owner", "steps"],
  additionalProperties: false,
  $defs: {
    step: {
      type: "object",
      properties: {
        text: { type: "string", minLength: 1 },
        minutes: { type: "number", minimum: 0 },
        after: { type: "array", items: { type: "string" } },
      },
      required: ["text", "minutes", "after"],
      additionalProperties: false,
    },
  },
};
const ANSWER = JSON.stringify({
  team: "billing",
  summary: "The customer has paid twice, and asks for one of the payments back.",
  urgent: true,
  owner: { id: 7, mail: "ada@example.com" },
  steps: Array.from({ length: 19 }, (_, at) => ({
    text: `Look at payment ${at} and say whether it was booked.`,
    minutes: at,
    after: ["login", "search"],
  })),
});

/** @returns {Promise<{ rows: { name: string, value: number, limit: number | undefined, met: boolean }[] }>} */
export async function run() {
  const { compileOutput, compilePrompt, emitHelper, emitModule, emitOutputHelper } = await loadCompiler();
  const source = promptSource("Sort {{ticket}}", { metadata: { output_schema: SCHEMA } });
  const compiled = compilePrompt(source, await compileOutput(source, { metadataKey: "output_schema" }));
  const helpers = { helper: "./helper.mjs", outputHelper: "./output.mjs" };
  const { output } = await runCode(
    {
      "prompt.mjs": emitModule(compiled, { development: false, ...helpers }),
      "helper.mjs": emitHelper({ development: false }),
      "output.mjs": emitOutputHelper(),
    },
    "prompt.mjs",
  );
  const validate = new Ajv2020.default().compile(SCHEMA);
  const byHand = (text) => {
    const value = JSON.parse(text);
    if (!validate(value)) throw new Error("It does not fit.");
    return value;
  };
  const ratios = [];
  for (let round = 0; round < ROUNDS; round++) {
    // By turns, so that neither is always the one that comes first.
    const both = round % 2 === 0 ? [output.parse, byHand] : [byHand, output.parse];
    const times = new Map(both.map((parse) => [parse, timeOf(parse)]));
    ratios.push(times.get(output.parse) / times.get(byHand));
  }
  const name = `read an answer of ${(ANSWER.length / 1000).toFixed(1)} KB: parse / ajv compiled by hand`;
  return { rows: [row(name, median(ratios), LIMIT)] };
}

/** The CPU, not the clock: other programs have parts of a round. */
function timeOf(parse) {
  const before = process.cpuUsage();
  for (let call = 0; call < CALLS; call++)
    if (parse(ANSWER).team !== "billing") throw new Error("Another answer.");
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
