/** How many words are compared to find where passages end. Only texts that are made to be slow need more. */
const MAX_COMPARED = 20_000_000;

/**
 * Finds the passages of at least so many words that texts of several owners have in common, each as long as its texts
 * have it in common. Of passages that overlap by half, it's the one in most texts. Words are what white space separates.
 *
 * @param texts those of one owner come one after another, and aren't compared with each other
 * @returns places in the order of the texts, at most one per owner, and the number of words
 */
export function findPassages(
  texts: readonly { readonly owner: string; readonly text: string }[],
  minWords: number,
) {
  const words: { readonly text: number; readonly index: number; readonly end: number }[] = [];
  const ids: number[] = [];
  const known = new Map<string, number>();
  const add = (word: string, text: number, index: number) => {
    const id = known.get(word) ?? known.size;
    known.set(word, id);
    ids.push(id);
    words.push({ text, index, end: index + word.length });
  };
  for (const [at, { text }] of texts.entries()) {
    for (const match of text.matchAll(/\S+/g)) add(match[0], at, match.index);
    // No word is like it, so no passage goes on in the next text.
    add(` ${at}`, at, text.length);
  }
  const runs = runsOf(ids, minWords);
  const ownerAt = (place: number | undefined) => texts[words[place as number]?.text as number]?.owner;
  const firsts: number[] = [];
  /** The places at which the same run of words begins, one for each owner. */
  const groups = new Map<number, number[]>();
  for (const [at, run] of runs.entries()) {
    firsts[run] ??= at;
    const group = groups.get(run) ?? [firsts[run]];
    if (ownerAt(group.at(-1)) === ownerAt(at)) continue;
    group.push(at);
    groups.set(run, group);
  }
  const done = new Set<readonly number[]>();
  const passages: { readonly starts: readonly number[]; readonly length: number }[] = [];
  let compared = 0;
  for (const group of groups.values()) {
    if (done.has(group) || compared > MAX_COMPARED) continue;
    const first = group[0] as number;
    const isSame = (offset: number) => {
      const id = ids[first + offset];
      return id !== undefined && group.every((place) => ids[place + offset] === id);
    };
    let end = 0;
    for (; isSame(end); end++) {
      // The same texts go on from here: another passage would be this one.
      const next = groups.get(runs[first + end] as number);
      if (next?.length === group.length && next[0] === first + end) done.add(next);
    }
    let start = 0;
    while (isSame(start - 1)) start--;
    compared += (end - start) * group.length;
    passages.push({ starts: group.map((place) => place + start), length: end - start });
  }
  // Those of most texts, then the longest, without those of which half is in one of these already.
  const startOf = ({ starts: [first = 0] }: (typeof passages)[0]) => first;
  passages.sort(
    (a, b) => b.starts.length - a.starts.length || b.length - a.length || startOf(a) - startOf(b),
  );
  const taken = new Uint8Array(ids.length);
  return passages.flatMap(({ starts, length }) => {
    const isTaken = (start: number) =>
      taken.subarray(start, start + length).reduce((sum, one) => sum + one, 0) * 2 >= length;
    if (starts.every(isTaken)) return [];
    for (const start of starts) taken.fill(1, start, start + length);
    const places = starts.map((start) => {
      const [from, to] = [words[start], words[start + length - 1]] as [(typeof words)[0], (typeof words)[0]];
      return { text: from.text, index: from.index, length: to.end - from.index };
    });
    return [{ words: length, places }];
  });
}

/** A number for the run of so many words that begins at each place: the same one for the same words. */
function runsOf(ids: readonly number[], length: number): readonly number[] {
  let runs = ids;
  for (let done = 1; done < length; ) {
    const step = Math.min(done, length - done);
    const known = new Map<number, number>();
    runs = runs.map((run, at) => {
      const pair = run * 2 ** 26 + (runs[at + step] ?? -1);
      const number = known.get(pair) ?? known.size;
      known.set(pair, number);
      return number;
    });
    done += step;
  }
  return runs;
}
