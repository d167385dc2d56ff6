// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What client.d.ts has as well is there.
declare function listPrompts(dir: string, { drafts }?: Pick<PlatformOptions, "drafts">): Promise<readonly PromptListing[]>;
declare function startPlatform(options: PlatformOptions): Promise<Platform>;
interface Platform extends AsyncDisposable {
    readonly url: string;
    readonly port: number;
    readonly env: Readonly<Record<string, string>>;
    readonly requests: readonly PlatformRequest[];
    promote(name: string, version: number, by?: string): Promise<void>;
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
    readonly drafts?: boolean | undefined;
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
export { listPrompts, startPlatform };
export type { Platform, PlatformCredentials, PlatformOptions, PlatformRequest, PromptListing };
