import { drillRecord } from "./record-drill.ts";

drillRecord("long");
