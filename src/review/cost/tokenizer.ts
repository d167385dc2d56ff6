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

/** An encoding's name. */
export type Encoding = (typeof ENCODINGS)[number];

/** Counts tokens. */
export interface Tokenizer {
  /** Undefined: the counts are estimates. */
  readonly encoding: Encoding | undefined;
  readonly count: (text: string) => number;
}

/** What OpenAI's models are called; those that `gpt-tokenizer` doesn't name have its default encoding. */
const OPENAI_MODEL = /^(?:gpt|chatgpt|o\d|codex)\b/;

/**
 * The tokenizers of one command. `gpt-tokenizer` is an optional peer: with it, counts are exact for an encoding from
 * the config and for OpenAI's models. All else is estimated by `tokenx`. Neither is loaded before the first call.
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
  if (encoding === undefined) return { encoding, count: (await import("tokenx")).estimateTokenCount };
  const { countTokens } = await tokenizerOf(encoding);
  // What looks like a special token is text like any other: no provider reads a prompt's text as one.
  const asText = { disallowedSpecial: new Set<string>() };
  return { encoding, count: (text) => countTokens(text, asText) };
}

async function tokenizerOf(encoding: Encoding): Promise<Pick<GptTokenizer, "countTokens">> {
  try {
    return (await import(`gpt-tokenizer/encoding/${encoding}`)) as GptTokenizer;
  } catch (error) {
    if (!isMissing(error)) throw error;
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
    const { modelToEncodingMap, DEFAULT_ENCODING } = await import("gpt-tokenizer/mapping");
    if (Object.hasOwn(modelToEncodingMap, name))
      return modelToEncodingMap[name as keyof typeof modelToEncodingMap];
    return OPENAI_MODEL.test(name) ? DEFAULT_ENCODING : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}
