import { drillSoak } from "./soak-drill.ts";

drillSoak("short");
