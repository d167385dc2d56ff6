/** The entry `unplugin-scope/platform`: the local platform, for tests, demos and `scope-gen serve`. */
export { listPrompts, type PromptListing } from "./list-prompts.ts";
export type { PlatformCredentials, PlatformOptions, PlatformRequest } from "./options.ts";
export { type Platform, startPlatform } from "./start-platform.ts";
