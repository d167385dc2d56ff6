// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
declare function listPrompts(dir: string): Promise<readonly PromptListing[]>;
declare function startPlatform(options: PlatformOptions): Promise<Platform>;
interface Platform extends AsyncDisposable {
    readonly url: string;
    readonly port: number;
    readonly env: Readonly<Record<string, string>>;
    readonly requests: readonly PlatformRequest[];
    close(): Promise<void>;
}
interface PlatformCredentials {
    readonly orgId: string;
    readonly apiKey: string;
    readonly apiSecret: string;
}
interface PlatformOptions {
    readonly dir: string;
    readonly port?: number | undefined;
    readonly credentials?: Partial<PlatformCredentials> | undefined;
    readonly latency?: number | undefined;
    readonly tokenTtl?: number | undefined;
    readonly onRequest?: ((request: PlatformRequest) => void) | undefined;
}
interface PlatformRequest {
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly elapsedMs: number;
    readonly requestId: string;
}
interface PromptListing {
    readonly name: string;
    readonly id: string;
    readonly type: PromptType;
    readonly versions: readonly number[];
    readonly production: number | null;
    readonly problem: string | undefined;
}
type PromptType = "text" | "chat";
export { Platform, PlatformCredentials, PlatformOptions, PlatformRequest, PromptListing, listPrompts, startPlatform };
