import { testTaskRunner } from "./task-runner.ts";

testTaskRunner({
  fixture: "turborepo",
  title: "Turborepo",
  package: "turbo",
  build: "turbo run build",
  rebuild: "turbo run build --force",
  typecheck: "turbo run check-types",
  settings: "turbo.json",
  isStrict: true,
});
