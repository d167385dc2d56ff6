import { buildCases, devCases } from "./cases.ts";

buildCases("turbopack");
devCases("turbopack");
