import type { ErrorCode } from "../codes.ts";
import { PLATFORM_REMEDIES } from "./platform.ts";
import { PROMPT_REMEDIES } from "./prompts.ts";
import { TOOL_REMEDIES } from "./tools.ts";

/** What usually causes an error, and what to do, for each code. */
export type Remedies = Readonly<Record<ErrorCode, readonly [cause: string, fix: string]>>;

/**
 * Only for `docs/errors.md`: no code that runs imports it, so it isn't in any bundle. A code without an entry doesn't
 * compile.
 */
export const REMEDIES: Remedies = { ...PLATFORM_REMEDIES, ...PROMPT_REMEDIES, ...TOOL_REMEDIES };
