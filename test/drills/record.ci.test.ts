import { drillRecord } from "./record.ts";

drillRecord("short");
