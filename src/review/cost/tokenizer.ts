import { ConfigurationError } from "../../errors/classes.ts";

/** The encodings that `gpt-tokenizer` has, for `tokens.encoding`. */
export const ENCODINGS = [
  "o200k_base",
  "o200k_harmony",
  "cl100k_base",
  "p50k_base",
  "p50k_edit",
  "r50k_base",
  "gpt2",
] as const;

export type Encoding = (typeof ENCODINGS)[number];

export interface Tokenizer {
  /** Undefined: the counts are estimates. */
  readonly encoding: Encoding | undefined;
  readonly count: (text: string) => number;
}

/** What OpenAI's models with `o200k_base` are called. Of others, `gpt-tokenizer` has to know the name. */
const O200K_MODEL = /^(?:gpt-(?:4o|4\.[1-9]|[5-9])|chatgpt-|o[1-9]|codex-)/;

/**
 * The tokenizers of one command. `gpt-tokenizer` is an optional peer: with it, counts are exact for an encoding from
 * the config and for OpenAI's models. All else is estimated with `tokenx`. Neither is loaded before the first call.
 */
export class Tokenizers {
  readonly #chosen: Encoding | undefined;
  readonly #loaded = new Map<Encoding | undefined, Promise<Tokenizer>>();

  /** @param chosen the config's `tokens.encoding`: counts every prompt, whatever its model is */
  constructor(chosen: Encoding | undefined) {
    this.#chosen = chosen;
  }

  /**
   * The tokenizer for a model by its name: `gpt-5`, `openai/gpt-4o`, or anything else that metadata holds as `model`.
   *
   * @throws ConfigurationError `tokenizer_missing`: the config chooses an encoding and `gpt-tokenizer` isn't installed
   */
  async forModel(model: unknown): Promise<Tokenizer> {
    const encoding = this.#chosen ?? (await encodingOf(model));
    const loaded = this.#loaded.get(encoding) ?? load(encoding);
    this.#loaded.set(encoding, loaded);
    return loaded;
  }
}

async function load(encoding: Encoding | undefined): Promise<Tokenizer> {
  const { estimateTokenCount } = await import("tokenx");
  const estimate = (text: string) => {
    let rest = text;
    let tokens = 0;
    for (const { script, characters } of CHARACTERS_PER_TOKEN) {
      const others = rest.replace(script, "");
      tokens += (rest.length - others.length) / characters;
      rest = others;
    }
    return Math.round(tokens) + estimateTokenCount(rest);
  };
  if (encoding === undefined) return { encoding, count: estimate };
  const { countTokens } = await tokenizerOf(encoding);
  // What looks like a special token is text like any other: no provider reads a prompt's text as one.
  const asText = { disallowedSpecial: new Set<string>() };
  return { encoding, count: (text) => (hasLongRun(text) ? estimate(text) : countTokens(text, asText)) };
}

/** Is there a run without a break that is in no language? `gpt-tokenizer` takes quadratic time for it. */
function hasLongRun(text: string): boolean {
  for (const [run] of text.matchAll(RUNS)) if (run.length >= 2000) return true;
  return false;
}

/** What no encoding starts a new word in. */
const RUNS = /[\p{L}\p{M}]+|\p{N}+|[^\s\p{L}\p{N}]+|\s+/gu;

/** Characters for each token of `o200k_base` in sentences of prompts, where `tokenx` is off by a third or more. */
const CHARACTERS_PER_TOKEN = [
  { script: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu, characters: 1.45 },
  // Arabic, Hebrew, Thai, those of India, and so on.
  {
    script: /[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Common}\p{Script=Inherited}]/gu,
    characters: 2.7,
  },
];

/** Counts texts; one with a run of 2,000 characters without a break is estimated, and an estimate has no encoding. */
export function countTexts({ encoding, count }: Tokenizer, texts: readonly string[]) {
  const tokens = texts.reduce((sum, text) => sum + count(text), 0);
  return { tokens, encoding: encoding === undefined || texts.some(hasLongRun) ? null : encoding };
}

async function tokenizerOf(encoding: Encoding): Promise<Pick<GptTokenizer, "countTokens">> {
  try {
    return (await import(`gpt-tokenizer/encoding/${encoding}`)) as GptTokenizer;
  } catch (error) {
    if (!isNotInstalled(error)) throw error;
    throw new ConfigurationError(`tokens.encoding is "${encoding}", and gpt-tokenizer isn't installed.`, {
      code: "tokenizer_missing",
      cause: error,
      hint: "Install it: npm install --save-dev gpt-tokenizer. Without tokens.encoding, counts are estimates.",
    });
  }
}

type GptTokenizer = typeof import("gpt-tokenizer/encoding/o200k_base");

/** The encoding of a model that `gpt-tokenizer` counts exactly; undefined: another model, or it isn't installed. */
async function encodingOf(model: unknown): Promise<Encoding | undefined> {
  if (typeof model !== "string") return undefined;
  // Gateways put the provider in front: openai/gpt-4o.
  const name = model.slice(model.lastIndexOf("/") + 1).toLowerCase();
  try {
    const { modelToEncodingMap } = await import("gpt-tokenizer/mapping");
    if (Object.hasOwn(modelToEncodingMap, name))
      return modelToEncodingMap[name as keyof typeof modelToEncodingMap];
    return O200K_MODEL.test(name) ? "o200k_base" : undefined;
  } catch (error) {
    if (isNotInstalled(error)) return undefined;
    throw error;
  }
}

function isNotInstalled(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}
