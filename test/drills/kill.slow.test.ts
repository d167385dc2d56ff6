import { drillKill } from "./kill-drill.ts";

drillKill("long");
