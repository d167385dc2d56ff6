/** The entry `unplugin-scope/platform`: the local platform, for tests, demos and `scope-gen serve`. */

export type { LoginRoute } from "./login.ts";
export type { PlatformCredentials, PlatformOptions, PlatformRequest } from "./options.ts";
export { listPrompts, type PromptListing } from "./prompts/list-prompts.ts";
export { type Platform, startPlatform } from "./start-platform.ts";
