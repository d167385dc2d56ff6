import { runSamples } from "./sessions.ts";

runSamples(false);
