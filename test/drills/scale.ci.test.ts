import { drillScale } from "./scale.ts";

drillScale("short");
