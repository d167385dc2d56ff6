/** Waits until `find` gives something else than false or undefined; says what it last saw when it never does. */
export async function waitFor<T>(
  what: string,
  find: () => Promise<T | false | undefined> | T | false | undefined,
  { timeoutMs = 20_000, describe }: { timeoutMs?: number; describe?: () => unknown } = {},
): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const found = await find();
    if (found !== false && found !== undefined) return found;
    if (performance.now() > until) {
      throw new Error(
        `Waited ${timeoutMs} ms for ${what}, but it didn't come.\n${describe === undefined ? "" : String(await describe())}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
