/** For Node without `module.registerHooks`: this file runs in Node's hooks thread, and sees only `import`. */
import type { InitializeHook, ResolveHook } from "node:module";
import { resolvePrompt } from "./exchange.ts";

let channel = "";

export const initialize: InitializeHook<string> = (given) => {
  channel = given;
};

export const resolve: ResolveHook = (...asked) => resolvePrompt(channel, ...asked);
