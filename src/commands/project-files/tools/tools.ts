import { BUNDLERS } from "./bundlers.ts";
import { BUILD_TOOLS, RUN_TOOLS } from "./emit-tools.ts";
import { FRAMEWORKS } from "./frameworks.ts";
import type { Tool } from "./tool.ts";

/** What a project may be built or tested with. A tool stands above those that it brings. */
export const TOOLS: readonly Tool[] = [...FRAMEWORKS, ...BUILD_TOOLS, ...BUNDLERS, ...RUN_TOOLS];
