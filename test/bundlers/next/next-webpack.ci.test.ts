import { buildCases, devCases } from "./cases.ts";

buildCases("webpack", "all");
devCases("webpack");
