/** What the pages import from packages that are not installed here, and what other tools give to every file. */

declare module "@cloudflare/vite-plugin";
declare module "@langchain/openai";
declare module "@langfuse/otel";
declare module "@mastra/core/agent";
declare module "@openai/agents";
declare module "@react-router/dev/vite";
declare module "@sveltejs/kit/vite";
declare module "@tanstack/react-router";
declare module "@tanstack/react-start";
declare module "@tanstack/react-start/plugin/vite";
declare module "astro/config";
declare module "electron-vite";
declare module "ts-jest";
declare module "tsup";

declare module "unbuild" {
  interface BuildConfig {
    readonly hooks?: {
      readonly "rollup:options"?: (context: unknown, options: { plugins: unknown }) => void;
    };
    readonly [option: string]: unknown;
  }
  export function defineBuildConfig(config: BuildConfig): BuildConfig;
}

/** Of Cloudflare's workers. */
interface ExportedHandler<Env = unknown> {
  readonly fetch?: (
    request: Request,
    env: Env,
    context: { waitUntil(work: Promise<unknown>): void },
  ) => Response | Promise<Response>;
}

/** Of Nuxt. */
declare function defineNuxtConfig(config: object): unknown;
declare function defineEventHandler(handler: () => unknown): unknown;

/** Of Jest. */
declare const jest: {
  mock(name: string, factory: () => unknown): void;
  unstable_mockModule(name: string, factory: () => unknown): void;
};

/** Of React. */
declare namespace JSX {
  interface IntrinsicElements {
    readonly [element: string]: unknown;
  }
}
