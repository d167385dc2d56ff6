import { drillTenAtOnce } from "./ten-at-once-drill.ts";

drillTenAtOnce("short");
