import { drillHostileResponses } from "./hostile-responses-drill.ts";

drillHostileResponses("short");
