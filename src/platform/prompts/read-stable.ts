import { readFile, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** A file whose last change is older than this is no longer being written. */
const STABLE_MS = 50;
/** The same for a file that looks cut off. */
const STABLE_CUT_OFF_MS = 300;
/** After this long, a file that keeps changing is read as it is. */
const PATIENCE_MS = 5000;

/**
 * Reads a file that may be in the middle of a save. An editor that writes in place leaves it empty, then partial, then
 * complete, and only the modification time tells these apart: a file that has just changed is read again.
 *
 * @param stopped ends a wait at once, with the signal's reason
 */
export async function readStable(
  file: string,
  stopped: AbortSignal | undefined,
): Promise<{ readonly bytes: Buffer; readonly changedAtMs: number }> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const { mtimeMs, size } = await stat(file);
    const bytes = await readFile(file);
    const ageMs = Date.now() - mtimeMs;
    // A time in the future comes from another clock (a network folder, an unpacked archive).
    const stableMs = isCutOff(file, bytes) ? STABLE_CUT_OFF_MS : STABLE_MS;
    if (Math.abs(ageMs) < stableMs) {
      await delay(stableMs - ageMs, undefined, stopped && { signal: stopped });
    }
    const now = await stat(file);
    const isStable = size === bytes.length && size === now.size && mtimeMs === now.mtimeMs;
    if (isStable || performance.now() >= giveUpAt) return { bytes, changedAtMs: mtimeMs };
  }
}

function isCutOff(file: string, bytes: Buffer): boolean {
  if (bytes.length === 0 || !file.endsWith(".json")) return bytes.length === 0;
  try {
    JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""));
    return false;
  } catch {
    return true;
  }
}
