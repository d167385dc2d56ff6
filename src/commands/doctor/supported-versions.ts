/**
 * What this package works with. package.json asks for any version of these optional peers: npm would refuse to install
 * everything else over one that is too old, such as the TypeScript that a starter pins.
 */
export const SUPPORTED_VERSIONS: Readonly<Record<string, string>> = {
  "@farmfe/core": "^1.7.0",
  "@rspack/core": "^1.0.0 || ^2.0.0",
  esbuild: ">=0.25.0",
  next: "^15.0.0 || ^16.0.0",
  nuxt: "^3.0.0 || ^4.0.0",
  rolldown: "^1.0.0",
  rollup: "^4.0.0",
  typescript: ">=5.6.0",
  vite: "^6.0.0 || ^7.0.0 || ^8.0.0",
  webpack: "^5.90.0",
};
