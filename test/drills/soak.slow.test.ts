import { drillSoak } from "./soak.ts";

drillSoak("long");
