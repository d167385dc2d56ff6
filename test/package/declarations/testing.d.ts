// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What client.d.ts has as well is there.
// What platform.d.ts has as well is there.
declare function servePrompts(prompts: Readonly<Record<string, ServedPrompt>>): Promise<ServedPrompts>;
interface ServedPrompts extends Platform {
    publish(name: string, prompt: ServedPrompt): Promise<void>;
}
type ServedPrompt = PromptContent | {
    readonly content: PromptContent;
    readonly metadata?: JsonObject | undefined;
};
export { servePrompts };
export type { PromptContent, ServedPrompt, ServedPrompts };
