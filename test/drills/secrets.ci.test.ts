import { drillSecrets } from "./secrets-drill.ts";

drillSecrets("short");
