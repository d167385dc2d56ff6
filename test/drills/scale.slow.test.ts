import { drillScale } from "./scale.ts";

drillScale("long");
