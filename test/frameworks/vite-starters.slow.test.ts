import { type Framework, testFramework } from "./framework.ts";

/** What the starters over Vite have in common; each page is looked at in Chromium. */
const STARTER = {
  build: ["vite build"],
  start: "npx vite preview --port PORT --host 127.0.0.1",
  dev: "npx vite dev --port PORT --host 127.0.0.1",
  typecheck: ["tsc -b"],
  page: "/",
  inBrowser: true,
  created: ["scope.config.ts"],
  pluginFile: "vite.config.ts",
} as const satisfies Partial<Framework>;

testFramework({
  ...STARTER,
  fixture: "solid",
  title: "Solid",
  package: "solid-js",
  count: "lost",
  call: { file: "src/App.tsx", text: "greeting({ name:" },
});

testFramework({
  ...STARTER,
  fixture: "preact",
  title: "Preact",
  package: "preact",
  count: "kept",
  call: { file: "src/app.tsx", text: "greeting({ name:" },
});

testFramework({
  ...STARTER,
  fixture: "lit",
  title: "Lit",
  package: "lit",
  count: "kept",
  typecheck: ["tsc"],
  call: { file: "src/my-element.ts", text: "greeting({ name:" },
  created: ["scope.config.ts", "vite.config.ts"],
});

testFramework({
  ...STARTER,
  fixture: "qwik",
  title: "Qwik",
  package: "@builder.io/qwik",
  build: ["vite build", "vite build --ssr src/entry.preview.tsx"],
  dev: "npx vite dev --mode ssr --port PORT --host 127.0.0.1",
  typecheck: ["tsc --incremental --noEmit"],
  call: { file: "src/routes/index.tsx", text: "greeting({ name:" },
  count: "lost",
  route: "/topic",
});

testFramework({
  ...STARTER,
  fixture: "solid-start",
  title: "SolidStart",
  package: "@solidjs/start",
  typecheck: ["tsc --noEmit"],
  call: { file: "src/routes/index.tsx", text: "greeting({ name:" },
  count: "lost",
  route: "/topic",
  bringsNode: true,
});
