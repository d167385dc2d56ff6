import { eachPrompt, type Rule } from "../rule.ts";

/** `latest` is asked for to get drafts; a fixed version is asked for to stay the same. */
export const draftPin: Rule = {
  id: "prompt-draft-pin",
  find: eachPrompt(({ prompt: { source } }) => {
    const { ref, version } = source;
    if (ref.pin.kind !== "version" || version.status !== "draft") return [];
    return [
      {
        message: `Version ${version.versionNumber} is pinned and still a draft: its text can change under the same ID.`,
        hint: `Publish it on the platform, or run: scope-gen unpin ${ref.name}`,
      },
    ];
  }),
};
