import { drillOutage } from "./outage-drill.ts";

drillOutage("short");
