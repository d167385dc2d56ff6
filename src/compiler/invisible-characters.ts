// Characters without a shape of their own, and controls other than white space.
const INVISIBLE = /(?![\t\n\v\f\r\u0085])[\p{Cc}\p{DI}\ufff9-\ufffb]/gu;
const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** What a character needs in the text before it (and after it) to be there for a reason. */
const REASONS: readonly { readonly of: RegExp; readonly before: RegExp; readonly after?: RegExp }[] = [
  // Emoji made of several, such as families.
  { of: /\u200d/, before: /(?:\p{Emoji}|\ufe0f)$/u, after: /^\p{Extended_Pictographic}/u },
  // Joiners choose the form of a letter in Persian, the scripts of India and others, but not in these.
  {
    of: /\u200c|\u200d|\u034f/,
    before:
      /(?!\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana})[\p{L}\p{M}]$/u,
  },
  // Variants of an emoji, a symbol or a character of East Asia.
  {
    of: /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u,
    before: /[\p{Emoji}\p{S}\p{Script=Han}\p{Script=Myanmar}\p{Script=Phags_Pa}\u3000-\u303f\uff00-\uff5e]$/u,
  },
  { of: /[\u180b-\u180f]/, before: /\p{Script=Mongolian}$/u },
  // The flags of England, Scotland and Wales, up to the character that ends them.
  { of: /[\u{e0020}-\u{e007f}]/u, before: /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{0,6}$/u },
];

/** Finds the characters of a text that can't be seen and aren't there for a reason, such as the joiners of scripts and emoji. */
export function findInvisible(text: string): readonly RegExpExecArray[] {
  return [...text.matchAll(INVISIBLE)].filter((match) => !hasReason(text, match));
}

/** How much of the text around a character decides: the longest is a flag, in UTF-16 units. */
const AROUND = 16;

function hasReason(text: string, { 0: character, index }: RegExpExecArray): boolean {
  const before = text.slice(Math.max(0, index - AROUND), index);
  const after = text.slice(index + character.length, index + character.length + AROUND);
  // Marks of direction are for lines that mix directions.
  if (/[\u061c\u200e\u200f]/.test(character)) return RIGHT_TO_LEFT.test(before + after);
  return REASONS.some(
    (one) => one.of.test(character) && one.before.test(before) && (one.after?.test(after) ?? true),
  );
}
