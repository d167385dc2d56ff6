import { ResourceError } from "../../errors/classes.ts";
import { type PromptRef, refText } from "../../prompt.ts";

const PULL = "Run: scope-gen pull";

/** A prompt, or its role for another one, that should be committed but isn't. */
export function snapshotMissing(ref: PromptRef, hint = PULL, what = "This prompt"): ResourceError {
  return new ResourceError(`${what} isn't in the committed snapshot.`, {
    code: "snapshot_missing",
    where: { prompt: refText(ref) },
    hint,
  });
}

/** A prompt that another one includes, and that isn't committed. */
export function partialMissing(ref: PromptRef): ResourceError {
  return snapshotMissing(ref, PULL, "A prompt that another one includes");
}
