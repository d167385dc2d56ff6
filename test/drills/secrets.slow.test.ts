import { drillSecrets } from "./secrets.ts";

drillSecrets("long");
