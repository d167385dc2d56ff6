// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What client.d.ts has as well is there.
// What index.d.ts has as well is there.
// What platform.d.ts has as well is there.
declare const GRADES: readonly [
    "missing",
    "breaking",
    "compatible",
    "renamed",
    "values",
    "text",
    "none"
];
declare function describePrompts(options?: DescribePromptsOptions): Promise<void>;
declare function expectKeepsContract(module: PromptModule, version: ComparedVersion, options?: KeepsContractOptions): VersionChange;
declare function servePrompts(prompts: Readonly<Record<string, ServedPrompt>>): Promise<ServedPrompts>;
interface Change {
    readonly kind: ChangeKind;
    readonly breaks: boolean;
    readonly message: string;
    readonly variable?: string | undefined;
    readonly rename?: Rename | undefined;
}
interface ComparedVersion {
    readonly content: PromptContent;
    readonly metadata?: JsonObject | undefined;
    readonly versionNumber?: number | undefined;
}
interface DescribePromptsOptions {
    readonly cwd?: string | undefined;
    readonly label?: "production" | "latest" | undefined;
    readonly describe?: Register | undefined;
    readonly it?: Register | undefined;
}
interface KeepsContractOptions {
    readonly syntax?: Syntax | undefined;
    readonly provides?: readonly string[] | undefined;
    readonly roles?: Readonly<Record<string, string>> | false | undefined;
}
interface PromptModule {
    readonly name: string;
    readonly type: PromptType;
    readonly content: PromptContent;
    readonly metadata: JsonObject;
    readonly versionNumber: number;
}
interface Rename {
    readonly from: string;
    readonly to: string;
}
interface ServedPrompts extends Platform {
    publish(name: string, prompt: ServedPrompt): Promise<void>;
}
interface VersionChange {
    readonly grade: Exclude<Grade, "missing">;
    readonly changes: readonly Change[];
}
type ChangeKind = "prompt" | "renamed" | "type" | "roles" | "variable-added" | "variable-kind" | "variable-dropped" | "content-empty" | "metadata-added" | "metadata-dropped" | "metadata-kind" | "metadata-value" | "metadata-refused" | "partial-added" | "partial-dropped" | "partial-changed" | "text";
type Grade = (typeof GRADES)[number];
type Register = (name: string, body: () => void) => unknown;
type ServedPrompt = PromptContent | {
    readonly content: PromptContent;
    readonly metadata?: JsonObject | undefined;
};
export { describePrompts, expectKeepsContract, servePrompts };
export type { Change, ChangeKind, ComparedVersion, DescribePromptsOptions, KeepsContractOptions, PromptContent, PromptModule, Rename, ServedPrompt, ServedPrompts, VersionChange };
