// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What index.d.ts has as well is there.
import { RspackPluginInstance } from "@rspack/core";
declare const scope: (options?: PluginOptions) => RspackPluginInstance;
export { scope as "module.exports", scope as default };
