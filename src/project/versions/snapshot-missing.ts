import { ResourceError } from "../../errors/classes.ts";
import { type PromptRef, refText } from "../../prompt.ts";

const PULL = "Run: scope-gen pull";

/** A prompt, or what it is to another one, that should be committed and is not. */
export function snapshotMissing(ref: PromptRef, hint = PULL, what = "This prompt"): ResourceError {
  return new ResourceError(`${what} is not in the committed snapshot.`, {
    code: "snapshot_missing",
    where: { prompt: refText(ref) },
    hint,
  });
}

/** A prompt that another one includes, and that is not committed. */
export function partialMissing(ref: PromptRef): ResourceError {
  return snapshotMissing(ref, PULL, "A prompt that another one includes");
}
