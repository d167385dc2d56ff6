/** The public entry `unplugin-scope/testing`. */

export {
  type ComparedVersion,
  expectKeepsContract,
  type KeepsContractOptions,
  type PromptModule,
} from "./expect-keeps-contract.ts";
export { type ServedPrompt, type ServedPrompts, servePrompts } from "./serve-prompts.ts";
