import { testFramework } from "./framework.ts";

for (const [bundler, flag] of Object.entries({ Turbopack: "--turbopack", webpack: "--webpack" })) {
  testFramework({
    fixture: "next16",
    title: `Next (${bundler})`,
    package: "next",
    build: [`next build ${flag}`],
    start: "npx next start --port PORT --hostname 127.0.0.1",
    dev: `npx next dev ${flag} --port PORT --hostname 127.0.0.1`,
    typecheck: ["next typegen", "tsc --noEmit"],
    call: "app/page.tsx",
    route: "/topic",
    pluginFile: "next.config.ts",
    isPrinted: true,
  });
}
