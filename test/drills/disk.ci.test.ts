import { drillDisk } from "./disk-drill.ts";

drillDisk("short");
