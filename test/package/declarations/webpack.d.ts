// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What index.d.ts has as well is there.
import * as _$webpack from "webpack";
declare const scope: (options?: Options | undefined) => _$webpack.WebpackPluginInstance;
export { scope as "module.exports", scope as default };
