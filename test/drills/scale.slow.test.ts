import { drillScale } from "./scale-drill.ts";

drillScale("long");
