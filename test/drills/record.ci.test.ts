import { drillRecord } from "./record-drill.ts";

drillRecord("short");
