import { NITRO, type Tool, VITE } from "./tool.ts";

/** A framework that uses Vite's config as its own. */
const OVER_VITE = {
  ...VITE,
  configs: ["vite.config"],
  needsPackage: true,
  brings: ["Vite", "Vitest", "Wrangler", "Storybook", "Nitro"],
} as const;

/** Frameworks that take the plugin, for the bundler that they bring. */
export const FRAMEWORKS: readonly Tool[] = [
  {
    name: "Next",
    entry: "unplugin-scope/next",
    style: "next",
    configs: ["next.config"],
    packages: ["next"],
    brings: ["webpack", "Vite", "Wrangler"],
  },
  {
    name: "Nuxt",
    entry: "unplugin-scope/nuxt",
    style: "modules",
    configs: ["nuxt.config"],
    packages: ["nuxt"],
    brings: ["Vite", "webpack", "Rollup", "Nitro 2", "Nitro", "Wrangler"],
  },
  {
    name: "Astro",
    entry: "unplugin-scope/vite",
    style: "vite.plugins",
    configs: ["astro.config"],
    packages: ["astro"],
    brings: ["Vite", "Wrangler"],
  },
  {
    name: "Analog",
    ...OVER_VITE,
    packages: ["@analogjs/platform"],
    brings: [...OVER_VITE.brings, "Angular", "Nitro 2"],
  },
  { name: "SvelteKit", ...OVER_VITE, packages: ["@sveltejs/kit"] },
  { name: "React Router", ...OVER_VITE, packages: ["@react-router/dev"] },
  { name: "TanStack Start", ...OVER_VITE, packages: ["@tanstack/react-start", "@tanstack/solid-start"] },
  {
    name: "electron-vite",
    entry: "unplugin-scope/vite",
    style: "electron",
    configs: ["electron.vite.config"],
    packages: ["electron-vite"],
    brings: ["Vite", "esbuild", "Rollup"],
  },
  {
    name: "Nitro 2",
    ...NITRO,
    packages: ["nitropack"],
    needsPackage: true,
    creates: { call: "defineNitroConfig", from: "nitropack/config" },
  },
];
