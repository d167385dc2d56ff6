// A process of its own for transports.built.test.ts: fetches one prompt from the address given and prints it.
import { inspect } from "node:util";
import { ScopeClient } from "../../../dist/client.js";

const [url] = process.argv.slice(2);
const client = new ScopeClient({
  credentials: { orgId: "o", apiKey: "k", apiSecret: "s" },
  baseUrl: url,
  authApiUrl: url,
  maxRetries: 0,
});
const rendering = client.renderPrompt("greeting", { name: "Ada" });
console.log(await rendering.catch((error) => inspect(error, { depth: 5 })));
await client.close();
