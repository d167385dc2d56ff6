/**
 * The tests of `npm run test:unit`: they need no build and run no bundler, and so are done in moments. A test of the
 * architecture holds them to it.
 */
export const UNIT_TESTS: readonly string[] = [
  "test/{compiler,config,errors,files,runtime,snapshot,template}/**/*.test.ts",
  "test/architecture/imports.test.ts",
  "test/build/versions/version-resolver.test.ts",
  "test/cli/{edit-*,markdown-size,project-files,text-table}.test.ts",
  "test/client/**/*.test.ts",
  "test/contract/{compare-versions,contract}.test.ts",
  "test/dev/{platform-versions,poller}.test.ts",
  "test/discovery/find-uses.test.ts",
  "test/inspector/page-parts.test.ts",
  "test/platform/{client,list-prompts,login}.test.ts",
  "test/plugin/{instance/runs,vite/dev-imports}.test.ts",
];

/** Those in these folders that do need a bundler or a build. */
export const NO_UNIT_TESTS: readonly string[] = [
  "test/client/core.test.ts",
  "test/client/cache/shared-cache.test.ts",
  "test/client/http/transports.test.ts",
  "test/compiler/3-emit/unused-exports.test.ts",
  "test/runtime/hot/{built,size,svelte}.test.ts",
  "test/runtime/live/{browser-refusal,bundles,other-ways,workerd}.test.ts",
  "test/runtime/runtime-entry.test.ts",
];

/** Those that try so much that they would take most of the time. */
export const LONG_TESTS: readonly string[] = [
  "test/client/api/hostile-responses.test.ts",
  "test/compiler/1-parse/mustache-size.test.ts",
  "test/compiler/2-infer/contract-types.test.ts",
  "test/compiler/3-emit/mustache-injection.test.ts",
  "test/runtime/live/{histories,real-platform}.test.ts",
];
