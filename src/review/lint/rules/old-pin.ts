import { eachPrompt, type Rule } from "../rule.ts";

/** How far a pin can be behind production. A rollback is usually one or two versions behind. */
const MAX_BEHIND = 4;

export const oldPin: Rule = {
  id: "prompt-old-pin",
  find: eachPrompt(({ prompt: { source }, productionNumber }) => {
    const { ref, version } = source;
    const behind = (productionNumber ?? 0) - version.versionNumber;
    if (ref.pin.kind !== "version" || behind <= MAX_BEHIND) return [];
    return [
      {
        message: `Version ${version.versionNumber} is pinned, ${behind} behind production, which has version ${productionNumber}.`,
        hint: `Compare the two, then pin the newer one or follow the label: scope-gen unpin ${ref.name}`,
      },
    ];
  }),
};
