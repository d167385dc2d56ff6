/** The public entry `unplugin-scope/testing`. */

export type { VersionChange } from "../../contract/compare-versions.ts";
export type { Change, ChangeKind } from "../../contract/contract.ts";
export type { Rename } from "../../contract/renamed-variables.ts";
export type { PromptContent } from "../../prompt.ts";
export { type DescribePromptsOptions, describePrompts } from "./describe-prompts.ts";
export {
  type ComparedVersion,
  expectKeepsContract,
  type KeepsContractOptions,
  type PromptModule,
} from "./expect-keeps-contract.ts";
export { type ServedPrompt, type ServedPrompts, servePrompts } from "./serve-prompts.ts";
