import { drillKill } from "./kill.ts";

drillKill("long");
