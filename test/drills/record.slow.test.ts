import { drillRecord } from "./record.ts";

drillRecord("long");
