import { drillHostileAnswers } from "./hostile-responses-drill.ts";

drillHostileAnswers("short");
