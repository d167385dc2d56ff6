/** Modules that only the bundler and the resolver know. */

/** A file's text, inlined by the bundler (`build/text-imports.ts`). */
declare module "*?raw" {
  const text: string;
  export default text;
}

declare module "undici/index.js" {
  export * from "undici";
}
