import { drillKill } from "./kill-drill.ts";

drillKill("short");
