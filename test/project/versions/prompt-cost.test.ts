import { expect, it } from "vitest";
import { countCost } from "../../../src/project/versions/prompt-cost.ts";
import { compile } from "../../compiler/prompts.ts";

it("counts the stored text, tags included, over all messages", async () => {
  const chat = [
    { role: "system", content: "be kind" },
    { role: "user", content: "say {{what}} now" },
  ];
  const { tokens, prefix } = await countCost(compile(chat));
  const { tokens: first } = await countCost(compile("be kind"));
  const { tokens: second } = await countCost(compile("say {{what}} now"));
  expect(tokens).toBe(first + second);
  expect(prefix).toBeGreaterThanOrEqual(first);
  expect(prefix).toBeLessThan(tokens);
});

it("has a prefix of all tokens if nothing depends on a value", async () => {
  const { tokens, prefix } = await countCost(compile("{{! note }} start", { syntax: "mustache" }));
  expect(prefix).toBe(tokens);
});

it.each(["a", " ", "-", "7", "\u{1F389}\uFE0F", "你"])("takes seconds for a megabyte of %j", async (unit) => {
  const before = process.cpuUsage();
  await countCost(compile(unit.repeat(1_000_000 / unit.length)));
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
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
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  const ratio = (await countCost(compile(text))).tokens / countTokens(text);
  expect(ratio).toBeGreaterThanOrEqual(0.8);
  expect(ratio).toBeLessThanOrEqual(1.2);
});
