import { testFramework } from "./framework.ts";

const BUNDLERS = { Turbopack: "--turbopack", webpack: "--webpack" } as const;

for (const version of ["16", "15"]) {
  for (const [bundler, flag] of Object.entries(BUNDLERS)) {
    // Next 15 has no flag for webpack: it is what runs without one.
    const flags = version === "15" && bundler === "webpack" ? "" : ` ${flag}`;
    testFramework({
      fixture: `next${version}`,
      title: `Next (${bundler})`,
      package: "next",
      build: [`next build${flags}`],
      start: "npx next start --port PORT --hostname 127.0.0.1",
      dev: `npx next dev${flags} --port PORT --hostname 127.0.0.1`,
      typecheck: ["next typegen", "tsc --noEmit"],
      call: "app/page.tsx",
      route: "/topic",
      pluginFile: "next.config.ts",
      isPrinted: true,
    });
  }
}
