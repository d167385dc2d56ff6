import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 5000;
const STEP_MS = 10;
const MAX_BYTES = 1_000_000;

/** What is written into a named pipe. Throws if it gives nothing for 5 seconds. */
export async function readPipe(file: string): Promise<string> {
  // Without waiting for a writer: nothing could end that wait.
  await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const pieces: Buffer[] = [];
  let length = 0;
  for (let waitedMs = 0; waitedMs < PATIENCE_MS && length <= MAX_BYTES; ) {
    const piece = await readPiece(handle);
    if (piece !== undefined && piece.length > 0) {
      pieces.push(piece);
      length += piece.length;
    } else if (piece !== undefined && length > 0) {
      return Buffer.concat(pieces).toString("utf8");
    } else {
      await sleep(STEP_MS);
      waitedMs += STEP_MS;
    }
  }
  throw new Error(`The pipe ${file} sends nothing, or too much.`);
}

/** Empty if there's no writer; undefined if there's one that has nothing yet. */
async function readPiece(handle: Awaited<ReturnType<typeof open>>): Promise<Buffer | undefined> {
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536));
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw error;
  }
}
