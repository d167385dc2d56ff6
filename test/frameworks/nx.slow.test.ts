import { testTaskRunner } from "./task-runner.ts";

testTaskRunner({
  fixture: "nx",
  title: "Nx",
  package: "nx",
  build: "nx run web:build",
  rebuild: "nx run web:build --skip-nx-cache",
  typecheck: "nx run web:check-types",
  settings: "nx.json",
  isStrict: false,
});
