/** Given by this package's own build: a digest of its sources. */
declare const PACKAGE_DIGEST: string | undefined;

/** Which code makes the modules. As source, during this package's tests, there is one code alone. */
export const CODE_ID = typeof PACKAGE_DIGEST === "string" ? PACKAGE_DIGEST : "source";
