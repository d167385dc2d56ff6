/** How a project gets new versions: by a pull and a review, or whatever the label points at when a build runs. */
export type Mode = "reviewed" | "fresh";

/** The mode of a run without questions. */
const BY_DEFAULT: Mode = "fresh";

const CHOICES = [
  { value: "fresh", label: 'fresh (fetch: "auto"): a build uses the version that the label points to' },
  { value: "reviewed", label: `reviewed (fetch: "never"): a build uses what's committed` },
];

/**
 * Asks which mode a new config is for. The default is for a run without questions.
 *
 * @param choose undefined if nobody can be asked
 */
export async function chooseMode(
  choose: ((question: string, choices: typeof CHOICES) => Promise<string | undefined>) | undefined,
): Promise<Mode> {
  if (choose === undefined) return BY_DEFAULT;
  const chosen = await choose("Which version should a build use?", CHOICES);
  return chosen === "reviewed" ? "reviewed" : "fresh";
}

/** What follows from a mode. */
export function modeText(mode: Mode): string {
  return mode === "reviewed"
    ? `Mode: reviewed (fetch: "never"). A build uses what's committed. To get new versions: scope-gen pull. To go back: git revert.`
    : 'Mode: fresh (fetch: "auto"). A build uses the version that the label points to, and refuses a version that changes the committed contract. To go back: scope-gen pin <name> --previous. For reviewed mode: set fetch: "never" in the config.';
}
