import { drillSoak } from "./soak.ts";

drillSoak("short");
