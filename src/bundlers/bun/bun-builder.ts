/**
 * The part of Bun's builder that is used here. In a preload it has the two hooks that every plugin gets, and no config.
 */
export interface BunBuilder {
  onResolve(
    filter: Filter,
    run: (asked: { readonly path: string; readonly importer: string }) => Answer | Promise<Answer>,
  ): void;
  onLoad(filter: Filter, run: (asked: { readonly path: string }) => Promise<Contents>): void;
  readonly config?: BunConfig;
  onStart?(run: () => Promise<void>): void;
  onEnd?(run: (result: { readonly success: boolean }) => Promise<void>): void;
}

/** The options that were passed to `Bun.build`. */
export interface BunConfig {
  readonly outdir?: string;
  readonly target?: string;
  readonly conditions?: string | readonly string[];
}

interface Filter {
  readonly filter: RegExp;
  readonly namespace?: string;
}

type Answer = { readonly path: string; readonly namespace?: string } | undefined;

interface Contents {
  readonly contents: string;
  readonly loader: "js";
}
