import { drillSecrets } from "./secrets.ts";

drillSecrets("short");
