// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What index.d.ts has as well is there.
declare const withScope: WithScope;
interface WebpackContext {
    readonly dir: string;
    readonly dev: boolean;
    readonly isServer: boolean;
    readonly nextRuntime?: "nodejs" | "edge";
    readonly buildId: string;
    readonly totalPages: number;
    readonly config: Untyped;
    readonly defaultLoaders: { readonly babel: Untyped; };
    readonly webpack: Untyped;
}
interface WithScope {
    <T extends Config>(config: ConfigFunction<Promise<T> | T>, options?: PluginOptions): ConfigFunction<Promise<T>>;
    <T extends Config>(config: Promise<T>, options?: PluginOptions): Promise<T>;
    <T extends Config>(config?: T, options?: PluginOptions): T;
    withScope: WithScope;
}
type Config = object & {
    webpack?: Webpack | null | undefined;
};
type ConfigFunction<T> = (phase: string, context: {
    defaultConfig: Untyped;
}) => T;
type Untyped = any;
type Webpack = {
    of(config: Untyped, context: WebpackContext): Untyped;
}["of"];
export { withScope, withScope as "module.exports", withScope as default };
