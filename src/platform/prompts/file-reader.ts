import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { Refusal } from "../refusal.ts";

/** A file whose last change is older than this is no longer being written. */
const STABLE_MS = 50;
/** The same for a file that looks cut off (empty, or JSON that doesn't parse): a two-step save is more likely. */
const STABLE_CUT_OFF_MS = 300;
/** After this long, a file that keeps changing is served as it last was between changes. */
const PATIENCE_MS = 1000;

interface Attempt {
  readonly bytes: Buffer;
  readonly mtimeNs: bigint;
}

/**
 * Reads files that may be in the middle of a save, and only ever returns whole ones.
 *
 * Editors save in two ways. A file that is renamed into place is whole from its first moment. A file that is written in
 * place is empty, then partial, then whole, and only its modification time tells these apart. So a file that changed
 * within the last few milliseconds is read again before it's used.
 */
export class FileReader {
  readonly #lastWhole = new Map<string, Buffer>();
  readonly #waiting: { readonly ref: false; readonly signal?: AbortSignal };

  /** @param signal ends every wait at once, with the signal's reason */
  constructor(signal?: AbortSignal) {
    this.#waiting = { ref: false, ...(signal && { signal }) };
  }

  /**
   * @param isWhole whether the bytes could be a finished file; if not, they get more time
   * @throws the file system's error when the file can't be opened; Refusal 503 when it keeps changing and was never
   * seen whole
   */
  async read(file: string, isWhole: (bytes: Buffer) => boolean): Promise<Buffer> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      const handle = await open(file, "r");
      try {
        const attempt = await readSteady(handle);
        if (attempt !== undefined) {
          const stableMs = isWhole(attempt.bytes) ? STABLE_MS : STABLE_CUT_OFF_MS;
          const waitMs = stableMs - (Date.now() - Number(attempt.mtimeNs) / 1e6);
          // A time far ahead comes from another clock (a network folder, an unpacked archive) and tells us nothing.
          const isFromAnotherClock = waitMs > stableMs + 100;
          if (waitMs > 0 && !isFromAnotherClock) await delay(waitMs, undefined, this.#waiting);
          // Unchanged under this handle is enough, even if another file has taken the name since.
          if (waitMs <= 0 || isFromAnotherClock || (await isUnchanged(handle, attempt))) {
            this.#lastWhole.set(file, attempt.bytes);
            return attempt.bytes;
          }
        } else await delay(5, undefined, this.#waiting);
      } finally {
        await handle.close();
      }
      if (performance.now() >= giveUpAt) return this.#lastResort(file);
    }
  }

  #lastResort(file: string): Buffer {
    const last = this.#lastWhole.get(file);
    if (last !== undefined) return last;
    const problem = "A file of this prompt is being written without a pause.";
    throw new Refusal(503, "prompt_being_written", problem, { "retry-after": "1" });
  }
}

/** The bytes, or undefined if the file changed while it was read. */
async function readSteady(handle: FileHandle): Promise<Attempt | undefined> {
  const before = await handle.stat({ bigint: true });
  const bytes = await handle.readFile();
  const after = await handle.stat({ bigint: true });
  const isSteady = before.mtimeNs === after.mtimeNs && after.size === BigInt(bytes.length);
  return isSteady ? { bytes, mtimeNs: after.mtimeNs } : undefined;
}

async function isUnchanged(handle: FileHandle, attempt: Attempt): Promise<boolean> {
  const now = await handle.stat({ bigint: true });
  return now.mtimeNs === attempt.mtimeNs && now.size === BigInt(attempt.bytes.length);
}
