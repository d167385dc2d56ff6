/** A passage that several texts have in common. */
export interface Passage {
  /** At most one per owner, in the order of the texts. */
  readonly places: readonly { readonly text: number; readonly index: number; readonly length: number }[];
  readonly words: number;
}

interface OwnedText {
  /** Texts of one owner aren't compared with each other. They come one after another. */
  readonly owner: string;
  readonly text: string;
}

const BASE = 0x9e3779b1;
const OTHER_BASE = 0x85ebca6b;

/** How many words are compared to find where passages end. Only texts that are made to be slow need more. */
const MAX_COMPARED = 20_000_000;

/**
 * Finds the passages of at least so many words that texts of several owners have in common, each as long as its texts
 * have it in common. Of passages that overlap by half, it's the one in most texts. Words are what white space separates.
 */
export function findPassages(texts: readonly OwnedText[], minWords: number): readonly Passage[] {
  const all = wordsIn(texts);
  const { ids, textAt } = all;
  const { keys, groups } = groupsOf(texts, all, minWords);
  const done = new Set<readonly number[]>();
  const passages: { readonly starts: readonly number[]; readonly words: number }[] = [];
  let compared = 0;
  for (const group of groups.values()) {
    if (done.has(group) || compared > MAX_COMPARED) continue;
    const first = group[0] as number;
    let end = 0;
    while (isSame(ids, group, end)) {
      // The same texts go on from here: another passage would be this one.
      const next = groups.get(keys[first + end] as number);
      if (next?.length === group.length && next[0] === first + end) done.add(next);
      end++;
    }
    let start = 0;
    while (isSame(ids, group, start - 1)) start--;
    compared += (end - start) * group.length;
    const words = end - start;
    if (words >= minWords) passages.push({ starts: group.map((place) => place + start), words });
  }
  return withoutOverlaps(passages, ids.length).map(({ starts, words }) => ({
    words,
    places: starts.map((at) => {
      const index = all.startAt[at] as number;
      return { text: textAt[at] as number, index, length: (all.endAt[at + words - 1] as number) - index };
    }),
  }));
}

/** Is the word at some distance from each place the same? */
function isSame(ids: Int32Array, places: readonly number[], offset: number): boolean {
  const id = ids[(places[0] as number) + offset];
  if (id === undefined) return false;
  for (const place of places) if (ids[place + offset] !== id) return false;
  return true;
}

/** All words of all texts as numbers, with one that is used only once after each text. */
function wordsIn(texts: readonly OwnedText[]) {
  const numbers = new Map<string, number>();
  const ids: number[] = [];
  const textAt: number[] = [];
  const startAt: number[] = [];
  const endAt: number[] = [];
  texts.forEach(({ text }, at) => {
    for (const { 0: word, index } of text.matchAll(/\S+/g)) {
      const id = numbers.get(word) ?? numbers.size;
      numbers.set(word, id);
      ids.push(id);
      textAt.push(at);
      startAt.push(index);
      endAt.push(index + word.length);
    }
    ids.push(-1 - at);
    textAt.push(at);
    startAt.push(text.length);
    endAt.push(text.length);
  });
  return { ids: Int32Array.from(ids), textAt, startAt, endAt };
}

/** The places at which the same words begin, by a key of these words; the first place of each owner. */
function groupsOf(
  texts: readonly OwnedText[],
  { ids, textAt }: ReturnType<typeof wordsIn>,
  minWords: number,
) {
  const ownerAt = (place: number) => texts[textAt[place] as number]?.owner;
  const keys = new Float64Array(ids.length);
  const firsts = new Map<number, number>();
  const groups = new Map<number, number[]>();
  const [drop, otherDrop] = [power(BASE, minWords), power(OTHER_BASE, minWords)];
  let hash = 0;
  let other = 0;
  ids.forEach((id, at) => {
    const gone = ids[at - minWords];
    hash = (Math.imul(hash, BASE) + id - (gone === undefined ? 0 : Math.imul(gone, drop))) | 0;
    other = (Math.imul(other, OTHER_BASE) + id - (gone === undefined ? 0 : Math.imul(gone, otherDrop))) | 0;
    const start = at - minWords + 1;
    if (start < 0 || id < 0 || textAt[start] !== textAt[at]) return;
    const key = (hash >>> 0) * 2 ** 20 + (other >>> 12);
    keys[start] = key;
    const group = groups.get(key);
    const first = firsts.get(key);
    if (group !== undefined) {
      if (ownerAt(group.at(-1) as number) !== ownerAt(start)) group.push(start);
    } else if (first === undefined) firsts.set(key, start);
    else if (ownerAt(first) !== ownerAt(start)) groups.set(key, [first, start]);
  });
  return { keys, groups };
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i++) result = Math.imul(result, base);
  return result;
}

/** Those of most texts, then the longest, without those of which half is in one of these already. */
function withoutOverlaps<T extends { readonly starts: readonly number[]; readonly words: number }>(
  passages: readonly T[],
  size: number,
): readonly T[] {
  const sorted = [...passages].sort(
    (a, b) =>
      b.starts.length - a.starts.length ||
      b.words - a.words ||
      (a.starts[0] as number) - (b.starts[0] as number),
  );
  const taken = new Uint8Array(size);
  return sorted.filter(({ starts, words }) => {
    const isTaken = (start: number) =>
      taken.subarray(start, start + words).reduce((sum, one) => sum + one, 0) * 2 >= words;
    if (starts.every(isTaken)) return false;
    for (const start of starts) taken.fill(1, start, start + words);
    return true;
  });
}
