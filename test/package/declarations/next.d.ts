// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What index.d.ts has as well is there.
import { NextConfig } from "next";
declare const withScope: WithScope;
interface WithScope {
    (config: NextConfigFunction, options?: Options): NextConfigFunction;
    (config: Promise<NextConfig>, options?: Options): Promise<NextConfig>;
    (config?: NextConfig, options?: Options): NextConfig;
    withScope: WithScope;
}
type NextConfigFunction = (phase: string, context: {
    defaultConfig: NextConfig;
}) => NextConfig | Promise<NextConfig>;
export { withScope, withScope as "module.exports", withScope as default };
