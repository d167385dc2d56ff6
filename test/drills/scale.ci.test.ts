import { drillScale } from "./scale-drill.ts";

drillScale("short");
