import { describe, expect, it } from "vitest";
import { SecretFinder } from "./find-secrets.ts";

const SECRET = 'k9"Zq\\w/7Lm+x2Rv=8Tn&c4Hb%y6Jd';
const finder = new SecretFinder({ secret: SECRET });
const piece = SECRET.slice(9, 24);

describe("a secret is found", () => {
  it.each([
    ["whole", SECRET],
    ["as twelve characters of it", `before ${SECRET.slice(5, 17)} after`],
    ["as JSON", JSON.stringify({ secret: SECRET })],
    ["as JSON in JSON", JSON.stringify(JSON.stringify({ secret: SECRET }))],
    ["in a URL", `https://x.test/?a=${encodeURIComponent(SECRET)}`],
    ["in a form", new URLSearchParams({ secret: SECRET }).toString()],
    ["in base64 on its own", Buffer.from(SECRET).toString("base64")],
    ["in base64 after an ID", Buffer.from(`id:${SECRET}`).toString("base64")],
    ["in base64 after a longer ID", Buffer.from(`id-4:${SECRET}`).toString("base64")],
    ["in hex", Buffer.from(SECRET).toString("hex")],
    ["in pieces", `${piece.slice(0, 12)}…`],
  ])("%s", (_, text) => {
    expect(finder.find(Buffer.from(text))).toContain("secret");
  });
});

it("eleven characters or another text don't count", () => {
  expect(finder.find(Buffer.from(`before ${SECRET.slice(9, 20)} after`))).toBeUndefined();
});
