import { drillHostileResponses } from "./hostile-responses.ts";

drillHostileResponses("short");
