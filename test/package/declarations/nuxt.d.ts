// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What index.d.ts has as well is there.
declare const scope: ScopeModule;
interface ScopeModule {
    (inlineOptions: PluginOptions, nuxt: unknown): Promise<void>;
    getMeta(): Promise<{
        readonly name: string;
        readonly configKey: string;
        readonly compatibility: { readonly nuxt: string; };
    }>;
}
export { scope as "module.exports", scope as default };
