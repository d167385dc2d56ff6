import type { ChatMessage, PromptContent } from "../../src/prompt.ts";
import type { Values } from "./python-sdk.ts";

/** A prompt made up for the comparison, with the renderings to try. */
export interface GeneratedPrompt {
  readonly name: string;
  readonly content: PromptContent;
  readonly files: Readonly<Record<string, string>>;
  readonly label: "production" | "latest";
  readonly renders: readonly Values[];
}

// biome-ignore format: in the order of their kinds
const NAMES = [
  "name", "user_name", "x", "b", "X", "1st", "42", "_", "__proto__", "constructor", "toString", "then",
  "名前", "größe", "имя", "ⅷ", "a1_b2", "default", "class", "ʰ", "𝒳", "٣",
];
// biome-ignore format: everyday ones, then others
const WORDS = [
  "Dear", "customer", "the order", "is late",
  "Grüße", "お願いします", "🙂", "👩🏽‍💻", "e\u0301", "\u00a0", "\u200d", "\ufeff",
];
// biome-ignore format: by what they break: code, markup, lines, formats
const HOSTILE = [
  "`", "$" + "{x}", "\\", "\\n", "\\u0041", '"', "'",
  "</script>", "<!--", "*/", "//# sourceMappingURL=x.map",
  "\u2028", "\u2029", "\r\n", "\n", "\t", "\0",
  "$&", "$1", "$$", "%s", "{0}", "%7B%7Bname%7D%7D", "&lt;",
];
// biome-ignore format: by what is wrong: the name, the braces, another syntax
const NEAR_MISSES = [
  "{{ name }}", "{{name }}", "{{user.name}}", "{{a-b}}", "{{}}",
  "{name}", "{{name}", "{name}}", "{{na\nme}}", "{{{", "}}}",
  "{{#each}}", "{{> x}}", "{{!x}}", "{{a\u0301b}}", "{{$x}}", "{{👋}}",
];
const FORMS: readonly ((index: number) => string)[] = [
  (index) => `made-${index}`,
  (index) => `Made/Up ${index}`,
  (index) => `größe-名前-${index}`,
  (index) => `team/area/made_${index}`,
  (index) => `UPPER.${index}`,
];

/** Prompts from a fixed seed: the same on every machine and with every run. */
export function generatePrompts(count: number, seed: number): GeneratedPrompt[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, index) => generatePrompt(random, index));
}

function generatePrompt(random: Random, index: number): GeneratedPrompt {
  const name = random.pick(FORMS)(index);
  const isChat = random.chance(0.08);
  const used = random.some(NAMES, 4);
  const content: PromptContent = isChat
    ? Array.from(
        { length: 1 + random.below(3) },
        (): ChatMessage => ({
          role: random.pick(["system", "user", "assistant"]),
          content: generateText(random, used),
        }),
      )
    : generateText(random, used);
  const number = 1 + random.below(12);
  const files: Record<string, string> = {
    [`${number}.${isChat ? "json" : "md"}`]: typeof content === "string" ? content : JSON.stringify(content),
  };
  if (random.chance(0.4)) files["prompt.json"] = JSON.stringify(generateSettings(random, number));
  const label = random.chance(0.3) ? "latest" : "production";
  return { name, content, files, label, renders: generateRendersFrom(random, content) };
}

function generateText(random: Random, names: readonly string[]): string {
  const pieces = Array.from({ length: random.below(14) }, () => {
    const kind = random.below(10);
    if (kind < 4 && names.length > 0) return `{{${random.pick(names)}}}`;
    if (kind < 5) return random.pick(NEAR_MISSES);
    if (kind < 7) return random.pick(HOSTILE);
    return random.pick(WORDS);
  });
  return pieces.join(random.pick([" ", "", "\n", ""]));
}

function generateSettings(random: Random, number: number): object {
  const metadata: Record<string, unknown> = {};
  for (const key of random.some(["model", "temperature", "stop", "limits", "größe", "constructor"], 3)) {
    // biome-ignore format: one value of each kind
    metadata[key] = random.pick([0.7, 1, -3, "fast", "</script>", "\u2028", true, null, ["a", 1], { deep: { er: [] } }, ""]);
  }
  return {
    ...(random.chance(0.25) ? { production: null } : {}),
    versions: { [number]: { status: random.pick(["draft", "published", "archived"]), metadata } },
  };
}

/** Renderings to try with a content: complete, one value short, with an unknown name, with values like tags. */
export function generateRenders(seed: number, content: PromptContent): Values[] {
  return generateRendersFrom(new Random(seed), content);
}

function generateRendersFrom(random: Random, content: PromptContent): Values[] {
  const texts = typeof content === "string" ? [content] : content.map((message) => message.content);
  const found = texts.flatMap((text) =>
    [...text.matchAll(/\{\{([\p{L}\p{N}_]+)\}\}/gu)].map((match) => match[1] ?? ""),
  );
  const names = random.shuffled([...new Set(found)]);
  const plain = () => random.pick(["Ada", "7", "", "a b", "ümlaut", 12, -5, ...HOSTILE]);
  // Values that look like template text, or turn into it next to their neighbours.
  const tricky = () => {
    const other = random.pick(names.length > 0 ? names : ["name"]);
    return random.pick([
      `{{${other}}}`,
      "{{somebody}}",
      `{{${other}`,
      `${other}}}`,
      "{{",
      "}}",
      other,
      plain(),
    ]);
  };
  return [
    names.map((name) => [name, plain()] as const),
    names.slice(1).map((name) => [name, plain()] as const),
    [...names.map((name) => [name, plain()] as const), ["not_there", "x"] as const],
    random.shuffled(names).map((name) => [name, tricky()] as const),
  ];
}

/** mulberry32: small, and the same everywhere. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  shuffled<T>(from: readonly T[]): T[] {
    const rest = [...from];
    return from.map(() => rest.splice(this.below(rest.length), 1)[0] as T);
  }

  some<T>(from: readonly T[], limit: number): T[] {
    return this.shuffled(from).slice(0, this.below(limit + 1));
  }
}
