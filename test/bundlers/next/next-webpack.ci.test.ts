import { buildCases, devCases } from "./cases.ts";

buildCases("webpack");
devCases("webpack");
