import { buildCases, devCases } from "./cases.ts";

buildCases("turbopack", "all");
devCases("turbopack");
buildCases("webpack", "first");
