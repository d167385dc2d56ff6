import type { Tool } from "./tool.ts";

/**
 * Builds that take no plugin, and find the files of `scope-gen emit` through a tsconfig's `paths` or relative imports.
 */
export const BUILD_TOOLS: readonly Tool[] = [
  {
    name: "Angular",
    style: "emit",
    emits: "paths",
    configs: ["angular"],
    packages: ["@angular/build", "@angular-devkit/build-angular"],
    brings: ["Vite", "Vitest", "Jest", "webpack", "esbuild"],
  },
  {
    name: "Expo",
    style: "emit",
    emits: "paths",
    configs: ["metro.config", "app.config", "app"],
    packages: ["expo"],
    needsPackage: true,
    brings: ["Metro"],
  },
  {
    name: "Metro",
    style: "emit",
    emits: "relative",
    configs: ["metro.config"],
    packages: ["metro", "@react-native/metro-config"],
  },
  {
    name: "Parcel",
    style: "emit",
    emits: "relative",
    configs: [".parcelrc"],
    packages: ["parcel"],
    script: /(?:^|\s)parcel\s/m,
  },
  {
    name: "ncc",
    style: "emit",
    emits: "relative",
    configs: [],
    packages: ["@vercel/ncc"],
    script: /(?:^|\s)ncc\s/m,
  },
  {
    name: "esbuild's command line",
    style: "emit",
    emits: "paths",
    configs: [],
    packages: [],
    script: /(?:^|\s)esbuild\s/m,
    brings: ["esbuild"],
  },
];

/**
 * Tools that run code or tests without a plugin, and find the files of `scope-gen emit` through a map in their
 * settings.
 */
export const RUN_TOOLS: readonly Tool[] = [
  { name: "Jest", style: "emit", emits: "map", configs: ["jest.config"], packages: ["jest"] },
  { name: "Deno", style: "emit", emits: "map", configs: ["deno"], packages: [] },
  { name: "Wrangler", style: "emit", emits: "map", configs: ["wrangler"], packages: ["wrangler"] },
];
