/** Asks for one prompt with the client, its settings from the environment, and says what came: node client.js <name>. */
import { isOutage, ScopeClient } from "unplugin-scope/client";

const client = new ScopeClient();
try {
  const { versionNumber } = await client.getPromptVersion(process.argv[2]);
  console.log(`version ${versionNumber}`);
} catch (error) {
  console.log(`${error.code}, an outage: ${isOutage(error)}`);
  process.exitCode = 1;
}
await client.close();
