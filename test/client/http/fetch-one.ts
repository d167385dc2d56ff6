// A process of its own for transports.test.ts: fetches one prompt from the address given and prints it.
import { inspect } from "node:util";
import { ScopeClient } from "../../../src/client/index.ts";

async function main(url: string): Promise<void> {
  await using client = new ScopeClient({
    credentials: { orgId: "o", apiKey: "k", apiSecret: "s" },
    baseUrl: url,
    authApiUrl: url,
    maxRetries: 0,
  });
  console.log(await client.renderPrompt("greeting", { name: "Ada" }));
}

main(process.argv[2] ?? "").catch((error) => console.log(inspect(error, { depth: 5 })));
