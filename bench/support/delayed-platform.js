// A process of its own for the client's bench: a platform that answers each request after a fixed delay.
import { createServer } from "node:http";

const delayMs = Number(process.argv[2]);
const content = `Hello {{name}}! ${"All work and no play makes a dull prompt. ".repeat(45)}`;
let logins = 0;
let fetches = 0;

const server = createServer((request, response) => {
  request.resume();
  const isLogin = request.method === "POST";
  if (isLogin) logins++;
  else fetches++;
  const name = decodeURIComponent(request.url.split("/")[4] ?? "");
  const body = JSON.stringify(
    isLogin
      ? { access_token: `token-${logins}`, expires_in: 300, token_type: "Bearer" }
      : {
          id: `version_${name}`,
          prompt_id: `prompt_${name}`,
          version_number: 1,
          content,
          variables: ["name"],
          status: "published",
          is_production: true,
          prompt_type: "text",
          metadata: { model: "small", temperature: 0.5 },
          created_at: "2026-01-01T00:00:00Z",
          updated_at: "2026-01-01T00:00:00Z",
        },
  );
  setTimeout(() => {
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  }, delayMs);
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", () => {
  process.send({ logins, fetches });
  logins = 0;
  fetches = 0;
});
process.on("disconnect", () => process.exit());
