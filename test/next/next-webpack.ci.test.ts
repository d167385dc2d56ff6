import { buildCases } from "./build-cases.ts";
import { devCases } from "./dev-cases.ts";

buildCases("webpack", "all");
devCases("webpack");
