// A thousand prompts fetched by hand and by the client. As a program, `fetch-prompts.js <bare|ours> <origin>`, one of the two.
import pMap from "p-map";

export const PROMPTS = 1000;
export const CONCURRENCY = 16;
export const credentials = { orgId: "org", apiKey: "key", apiSecret: "secret" };
export const names = Array.from({ length: PROMPTS }, (_, i) => `prompt-${i}`);

/** The same requests with the same headers by hand: one login, then a loop for each of the requests under way. */
export async function bare(origin) {
  const { Pool } = await import("undici");
  const pool = new Pool(origin, { connections: CONCURRENCY });
  const login = await pool.request({
    method: "POST",
    path: "/v1/auth/applications/login",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ account_id: "org", client_id: "key", client_secret: "secret" }),
  });
  const { access_token: token } = await login.body.json();
  const headers = () => ({
    accept: "application/json",
    "user-agent": "bare",
    "x-request-id": crypto.randomUUID(),
    authorization: `Bearer ${token}`,
    "x-scope-environment": "production",
  });
  const fetchAll = async () => {
    let next = 0;
    const prompts = [];
    const loop = async () => {
      while (next < names.length) {
        const index = next++;
        const path = `/api/v1/prompts/${names[index]}/production`;
        const { statusCode, body } = await pool.request({ method: "GET", path, headers: headers() });
        if (statusCode !== 200) throw new Error(`status ${statusCode}`);
        prompts[index] = await body.json();
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, loop));
    return prompts;
  };
  return { fetchAll, close: () => pool.close() };
}

export async function ours(origin) {
  const { ScopeClient } = await import("../../dist/client.js");
  const client = new ScopeClient({ credentials, baseUrl: origin, authApiUrl: origin });
  const fetchAll = async () => {
    await client.clearCache();
    return pMap(names, (name) => client.getPromptVersion(name), { concurrency: CONCURRENCY });
  };
  return { fetchAll, close: () => client.close() };
}

if (process.argv[1] === import.meta.filename) {
  const [kind, origin] = process.argv.slice(2);
  const side = await { bare, ours }[kind](origin);
  await side.fetchAll();
  await side.close();
}
