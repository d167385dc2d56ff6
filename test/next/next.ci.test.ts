import { buildCases } from "./build-cases.ts";
import { devCases } from "./dev-cases.ts";

buildCases("turbopack", "all");
devCases("turbopack");
buildCases("webpack", "first");
