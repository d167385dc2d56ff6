import { drillKill } from "./kill.ts";

drillKill("short");
