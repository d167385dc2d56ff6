/** Filled in by this package's own build: a digest of its sources. */
declare const PACKAGE_DIGEST: string | undefined;

/** Identifies the code that makes the modules. Run as source, in this package's tests, there is only one. */
export const CODE_ID = typeof PACKAGE_DIGEST === "string" ? PACKAGE_DIGEST : "source";
