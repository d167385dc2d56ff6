// The program behind the rows of undici alone: a login, then `bare-requests.js <count>` prompts at once; with 0, nothing.
import { manyPrompts } from "../size-prompts.js";

/** As a build has it by default. */
const CONCURRENCY = 16;
const prompts = manyPrompts(Number(process.argv[2]));
if (prompts.length > 0) {
  const { SCOPE_API_URL, SCOPE_AUTH_API_URL, SCOPE_ORG_ID, SCOPE_API_KEY, SCOPE_API_SECRET } = process.env;
  const { Agent, request, setGlobalDispatcher } = await import("undici");
  const agent = new Agent({ connections: CONCURRENCY });
  setGlobalDispatcher(agent);
  const login = await request(`${SCOPE_AUTH_API_URL}/v1/auth/applications/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      account_id: SCOPE_ORG_ID,
      client_id: SCOPE_API_KEY,
      client_secret: SCOPE_API_SECRET,
    }),
  });
  const { access_token: token } = await login.body.json();
  const get = async ({ name }) => {
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode, body } = await request(`${SCOPE_API_URL}/api/v1/prompts/${name}/production`, {
      headers,
    });
    if (statusCode !== 200) throw new Error(`${name}: ${statusCode}`);
    await body.json();
  };
  await Promise.all(prompts.map(get));
  await agent.close();
}
