// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
import { JsPlugin } from "@farmfe/core";
import { Plugin as Plugin$1 } from "rolldown";
import { Plugin as Plugin$2 } from "rollup";
import { Plugin as Plugin$3 } from "vite";
import { Plugin } from "esbuild";
import { RspackPluginInstance } from "@rspack/core";
import { WebpackPluginInstance } from "webpack";
declare const unplugin: ScopeUnplugin;
declare function defineConfig(options: Options): Options;
interface BunPlugin {
    readonly name: string;
    setup(build: object): void | Promise<void>;
}
interface CacheStore {
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown, ttl?: number): Promise<unknown>;
    delete(key: string): Promise<unknown>;
}
interface ConnectionOptions {
    readonly credentials?: CredentialsSource | undefined;
    readonly baseUrl?: string | undefined;
    readonly authApiUrl?: string | undefined;
    readonly apiVersion?: string | undefined;
    readonly environment?: string | undefined;
    readonly timeout?: number | undefined;
    readonly openTimeout?: number | undefined;
    readonly deadline?: number | undefined;
    readonly roles?: Readonly<Record<string, string>> | false | undefined;
    readonly cacheEnabled?: boolean | undefined;
    readonly cacheTtl?: number | undefined;
    readonly cacheMaxStale?: number | undefined;
    readonly cacheMaxEntries?: number | undefined;
    readonly cacheStore?: CacheStore | undefined;
    readonly maxRetries?: number | undefined;
    readonly retryBaseDelay?: number | undefined;
    readonly retryMaxDelay?: number | undefined;
    readonly telemetryEnabled?: boolean | undefined;
    readonly tokenRefreshBuffer?: number | undefined;
    readonly maxBodyBytes?: number | undefined;
    readonly allowInsecure?: boolean | undefined;
}
interface CredentialsFunction {
    (): CredentialsInput | Promise<CredentialsInput>;
    readonly orgId?: string | undefined;
}
interface CredentialsInput {
    readonly orgId?: string | undefined;
    readonly apiKey?: string | undefined;
    readonly clientId?: string | undefined;
    readonly apiSecret?: string | undefined;
    readonly clientSecret?: string | undefined;
}
interface DevOptions {
    readonly interval?: number | undefined;
    readonly maxRequestsPerSecond?: number | undefined;
    readonly label?: Label | undefined;
}
interface FetchByPhase {
    readonly dev?: FetchPolicy | undefined;
    readonly build?: FetchPolicy | undefined;
}
interface LiveOptions {
    readonly interval?: number | undefined;
    readonly maxRequestsPerSecond?: number | undefined;
}
interface Options extends ConnectionOptions {
    readonly prompts?: readonly string[] | Readonly<Record<string, PromptOptions>> | undefined;
    readonly label?: Label | undefined;
    readonly include?: readonly string[] | undefined;
    readonly syntax?: Syntax | undefined;
    readonly snapshotDir?: string | undefined;
    readonly dts?: string | false | undefined;
    readonly fetch?: FetchPolicy | FetchByPhase | undefined;
    readonly onContractChange?: OnContractChange | undefined;
    readonly manifest?: boolean | undefined;
    readonly metadata?: MetadataRule | undefined;
    readonly budget?: number | undefined;
    readonly concurrency?: number | undefined;
    readonly clientBundle?: ClientBundlePolicy | undefined;
    readonly target?: Target | undefined;
    readonly dev?: DevOptions | false | undefined;
    readonly live?: LiveOptions | undefined;
}
interface PluginOptions {
    readonly config?: string | undefined;
    readonly clientBundle?: ClientBundlePolicy | undefined;
    readonly target?: Target | undefined;
}
interface PromptOptions {
    readonly prompt?: string | undefined;
    readonly label?: Label | undefined;
    readonly version?: string | undefined;
    readonly syntax?: Syntax | undefined;
    readonly live?: boolean | undefined;
    readonly variables?: Readonly<Record<string, VariableType>> | undefined;
    readonly provides?: readonly string[] | undefined;
    readonly clientBundle?: ClientBundlePolicy | undefined;
    readonly budget?: number | undefined;
    readonly metadata?: MetadataRule | undefined;
}
interface ScopeUnplugin {
    readonly vite: (options?: PluginOptions) => Plugin$3;
    readonly rollup: (options?: PluginOptions) => Plugin$2;
    readonly rolldown: (options?: PluginOptions) => Plugin$1;
    readonly webpack: (options?: PluginOptions) => WebpackPluginInstance;
    readonly rspack: (options?: PluginOptions) => RspackPluginInstance;
    readonly esbuild: (options?: PluginOptions) => Plugin;
    readonly farm: (options?: PluginOptions) => JsPlugin;
    readonly bun: (options?: PluginOptions) => BunPlugin;
    readonly raw: (options: PluginOptions | undefined, meta: { readonly framework: string; }) => object;
}
interface TokenProvider {
    getToken(): ProvidedToken | Promise<ProvidedToken>;
    readonly orgId?: string | undefined;
}
type ClientBundlePolicy = "allow" | "warn" | "error";
type CredentialsSource = CredentialsInput | CredentialsFunction | TokenProvider;
type FetchPolicy = "auto" | "always" | "never";
type Label = "production" | "latest";
type MetadataChoice = readonly (string | number | boolean)[] | "string" | "number" | "boolean";
type MetadataRule = Readonly<Record<string, MetadataChoice>>;
type OnContractChange = "error" | "warn" | "keep";
type ProvidedToken = string | {
    readonly token: string;
    readonly expiresIn?: number | undefined;
};
type Syntax = "scope" | "mustache";
type Target = "server" | "browser";
type VariableType = readonly string[] | "string" | "number" | "boolean" | "bigint";
export { defineConfig, unplugin, unplugin as default };
export type { CacheStore, ClientBundlePolicy, CredentialsFunction, CredentialsInput, CredentialsSource, DevOptions, FetchPolicy, Label, LiveOptions, MetadataChoice, MetadataRule, OnContractChange, Options, PluginOptions, PromptOptions, ProvidedToken, ScopeUnplugin, Syntax, Target, TokenProvider, VariableType };
