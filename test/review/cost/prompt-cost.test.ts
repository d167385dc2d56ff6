import { estimateTokenCount } from "tokenx";
import { describe, expect, it } from "vitest";
import { promptCost } from "../../../src/review/cost/prompt-cost.ts";
import { type Encoding, Tokenizers } from "../../../src/review/cost/tokenizer.ts";
import { compile, promptSource } from "../../compiler/prompts.ts";
import { samplePrompts } from "../../support/hostile-prompts.ts";

const byModel = new Tokenizers(undefined);
const words = { encoding: undefined, count: (text: string) => text.split(/\s+/).filter(Boolean).length };

describe("what a prompt costs", () => {
  it("is its stored text, tags included, over all messages", () => {
    const compiled = compile([
      { role: "system", content: "be kind" },
      { role: "user", content: "say {{what}} now" },
    ]);
    expect(promptCost(compiled, words)).toEqual({ tokens: 5, prefix: 3, encoding: null });
  });

  it("includes the text of each partial once", () => {
    const partial = promptSource("one two {{x}}", { syntax: "mustache", name: "p" });
    const compiled = compile("start {{> p}} {{> p}}", {
      syntax: "mustache",
      partials: new Map([["p", partial]]),
    });
    expect(promptCost(compiled, words).tokens).toBe(5 + 3);
  });
});

it("has a prefix of all tokens if nothing depends on a value", () => {
  const partial = promptSource("one two {{! note }}", { syntax: "mustache", name: "p" });
  const partials = new Map([["p", partial]]);
  const compiled = compile("{{! note }} start {{> p}} {{> p}}", { syntax: "mustache", partials });
  const { tokens, prefix } = promptCost(compiled, words);
  expect(prefix).toBe(tokens);
});

describe("the tokenizer", () => {
  it.each([
    ["gpt-5", "o200k_base"],
    ["openai/gpt-4o-2024-08-06", "o200k_base"],
    ["o3-mini", "o200k_base"],
    ["GPT-4-turbo", "cl100k_base"],
    ["openai/gpt-oss-20b", "o200k_harmony"],
    ["gpt-5-of-next-year", "o200k_base"],
    ["gpt-4.1-weird", "o200k_base"],
    ["chatgpt-next", "o200k_base"],
    ["gpt-35-turbo", undefined],
    ["gpt-4-weird", undefined],
    ["gpt", undefined],
    ["claude-sonnet-4-5", undefined],
    ["openai", undefined],
    ["constructor", undefined],
    [undefined, undefined],
    [4, undefined],
  ])("of the model %s has the encoding %s", async (model, encoding) => {
    expect((await byModel.forModel(model)).encoding).toBe(encoding);
  });

  it("is the config's, for every model", async () => {
    expect((await new Tokenizers("p50k_base").forModel("gpt-5")).encoding).toBe("p50k_base");
  });

  it.each(["a", " ", "-", "7", "\u{1F389}\uFE0F"])("takes seconds for a megabyte of %j", async (unit) => {
    const { count } = await byModel.forModel("gpt-5");
    const before = process.cpuUsage();
    count(unit.repeat(1_000_000 / unit.length));
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });

  it("counts text without a long run exactly", async () => {
    const { count } = await byModel.forModel("gpt-5");
    const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
    for (const text of [
      "a".repeat(1999),
      `${"b".repeat(1999)} `.repeat(3),
      "你好，世界。".repeat(1000),
      "aGVs/bG8+9".repeat(1000),
    ])
      expect(count(text)).toBe(countTokens(text));
  });

  it("treats what looks like a special token as text", async () => {
    const { count } = await byModel.forModel("gpt-5");
    expect(count("<|endoftext|>")).toBeGreaterThan(1);
  });

  it.each([
    ["gpt-4", `${"a".repeat(4000)} {{x}} ${"ab".repeat(2000)}`],
    ["gpt-4o", ".".repeat(3000)],
  ])("says that it estimates a text with a run that's too long to count: %s", async (model, text) => {
    const cost = promptCost(compile(text), await byModel.forModel(model));
    expect(cost).toMatchObject({ tokens: expect.any(Number), encoding: null });
  });

  it("estimates what it doesn't know", async () => {
    const { count } = await byModel.forModel("claude-sonnet-4-5");
    expect(count("Hello there, everybody")).toBe(estimateTokenCount("Hello there, everybody"));
  });

  // What the encoding of GPT-4o and later models counts, and by how much an estimate may be wrong.
  // biome-ignore format: one row a line
  it.each([
    ["English", "Read the message and rate its urgency. Give the reason in one sentence, and choose the team."],
    ["Russian", "Прочитайте обращение клиента и определите срочность. Назовите причину одним предложением."],
    ["Japanese", "次の問い合わせ文を読み、緊急度を三段階で判定してください。理由を一文で述べてください。"],
    ["Chinese", "请阅读下面的客户来信，判断其紧急程度，用一句话说明理由，并从部门列表中选择负责的部门。"],
    ["Korean", "다음 문의 내용을 읽고 긴급도를 판단하세요. 이유를 한 문장으로 설명하고 담당 부서를 고르세요."],
    ["Arabic", "اقرأ رسالة العميل التالية وحدد درجة الاستعجال. اذكر السبب في جملة واحدة ثم اختر القسم المسؤول."],
    ["Hebrew", "קרא את הפנייה הבאה וקבע את רמת הדחיפות. ציין את הסיבה במשפט אחד ובחר את המחלקה האחראית."],
    ["Hindi", "नीचे दिया गया ग्राहक का संदेश पढ़ें और तय करें कि वह कितना ज़रूरी है। कारण एक वाक्य में बताएँ।"],
    ["Thai", "อ่านข้อความของลูกค้าต่อไปนี้แล้วประเมินความเร่งด่วน บอกเหตุผลในหนึ่งประโยค และเลือกแผนกที่รับผิดชอบ"],
  ])("estimates a prompt in %s by a fifth at most", async (_, text) => {
    const [exact, estimate] = await Promise.all(["gpt-5", "other"].map((model) => byModel.forModel(model)));
    const ratio = (estimate?.count(text) ?? 0) / (exact?.count(text) ?? 0);
    expect(ratio).toBeGreaterThanOrEqual(0.8);
    expect(ratio).toBeLessThanOrEqual(1.2);
  });
});

const prompts = await samplePrompts();

describe.each<Encoding>(["o200k_base", "cl100k_base", "p50k_base"])("with %s", (encoding) => {
  it("real and hostile prompts cost what gpt-tokenizer counts", async () => {
    const tokenizer = await new Tokenizers(encoding).forModel("any");
    const { encode } = await import(`gpt-tokenizer/encoding/${encoding}`);
    const counted = prompts.map(({ content }) => promptCost(compile(content), tokenizer).tokens);
    const expected = prompts.map(({ content }) => encode(content, { disallowedSpecial: new Set() }).length);
    expect(counted).toEqual(expected);
  });
});
