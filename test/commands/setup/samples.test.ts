import { runSamples } from "../sessions.ts";

runSamples(true);
