import { drillHostileResponses } from "./hostile-responses.ts";

drillHostileResponses("long");
