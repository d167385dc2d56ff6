import { drillHostileAnswers } from "./hostile-answers-drill.ts";

drillHostileAnswers("long");
