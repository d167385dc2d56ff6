import { describe, expect, it } from "vitest";
import { findSecrets, maskSecrets } from "../../src/compiler/secrets.ts";
import { compile } from "./prompts.ts";

// Made here from their parts, so that no file of the repository contains one.
const RANDOM = "q7Zk2Rw9Xb4Tn8Vc1Mf6Hd3Lp5Js0Gy".repeat(9);
const body = (length: number) => RANDOM.slice(0, length);
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = (payload: object) => `${base64({ alg: "HS256" })}.${base64(payload)}.${body(43)}`;
const privateKey = (kind: string) =>
  `-----BEGIN ${kind}PRIVATE KEY-----\n${body(64)}\n${body(64)}\n-----END ${kind}PRIVATE KEY-----`;

const SECRETS: readonly (readonly [kind: string, secret: string])[] = [
  ["an AWS access key ID", `${"AKI"}A${"QZ7RW2XB4TNVCMFH"}`],
  ["an AWS access key ID", `${"ASI"}A${"QZRRWXXBKTNVCMFH"}`],
  ["a GitHub token", `${"ghp"}_${body(36)}`],
  ["a GitHub token", `${"github"}_pat_${body(22)}_${body(59)}`],
  ["a Slack token", `${"xox"}b-${"2749105836"}-${body(24)}`],
  ["a Slack webhook", `${"hooks.slack"}.com/services/T0Q7Z2R9X/B4T8V1M6H/${body(24)}`],
  ["an Anthropic key", `${"sk-"}ant-api03-${body(93)}`],
  ["an OpenAI key", `${"sk-"}proj-${body(100)}`],
  ["an OpenAI key", `${"sk-"}${body(48)}`],
  ["a Google API key", `${"AIz"}a${body(35)}`],
  ["a Stripe key", `${"sk_"}live_${body(24)}`],
  ["a Stripe key", `${"rk_"}test_${body(99)}`],
  ["a private key", privateKey("")],
  ["a private key", privateKey("OPENSSH ")],
  ["a private key", privateKey("RSA ").replaceAll("\n", "\\n")],
  ["a JSON Web Token", token({ sub: "ada", exp: 1 })],
  ["a Scope API key", `${"shop"}_live_${"8vxkvftroh"}`],
  ["a Scope API key", `${"shop-1"}_stag_${"bwnh0dwhqx"}`],
  ["a Scope API key", `${"shop_eu"}_test_${"6arlmusuph"}`],
];

describe("prompt-secret", () => {
  it.each(SECRETS)("finds %s: %#", (kind, secret) => {
    const [found, ...others] = compile(`Use this: "${secret}".\nBe kind.`).diagnostics;
    expect(others).toEqual([]);
    expect(found?.code).toBe("prompt-secret");
    expect(found?.message).toContain(kind);
    expect(found?.where).toMatchObject({ line: 1, column: 12 });
  });

  it.each([
    ["an AWS key from the documentation", `${"AKI"}AIOSFODNN7EXAMPLE`],
    ["a key made of x's", `${"sk-"}${"x".repeat(48)}`],
    ["a key whose digits count up", `${"ghp"}_1234567890abcdefghijklmnopqrstuvwxyz`],
    ["a key with a word", `${"sk-"}ant-api03-${body(40)}-placeholder-${body(30)}`],
    ["the shape in words", "Keys begin with AKIA, ghp_, sk-ant-, AIza or eyJ."],
    ["a pattern for keys", "(A3T[A-Z0-9]|AKIA|ASIA)[A-Z0-9]{16}"],
    ["a longer word", `a${"AKI"}AQZ7RW2XB4TNVCMFH`],
    ["a public key", privateKey("").replaceAll("PRIVATE", "PUBLIC")],
    ["a private key without a key", "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"],
    ["a token without an owner", token({ foo: "bar", name: "John Doe" })],
    ["a token that isn't JSON", `eyJ${body(30)}.eyJ${body(30)}.${body(43)}`],
    ["a variable", "Use {{key}}."],
    ["a name that only looks like one of Scope's", "integration_test_connection and unit_test_case1"],
  ])("doesn't find %s", (_, text) => {
    expect(findSecrets(`Use this: ${text} for it`)).toEqual([]);
  });

  it("masks at the same length, and keeps the lines", () => {
    const text = `a ${SECRETS[12]?.[1]}\r\n😀 ${SECRETS[2]?.[1]} b`;
    const shown = maskSecrets(text);
    expect(shown.length).toBe(text.length);
    expect(shown.split("\n").length).toBe(text.split("\n").length);
    expect(shown).toMatch(/^a ----•+\n•+\n•+\n-----END PRIVATE KEY-----\r\n😀 ghp_•{36} b$/);
  });

  it("is in no warning with more than four characters, wherever it's quoted", () => {
    for (const [, secret] of SECRETS) {
      // Next to what is pointed at, and cut by the frame.
      const text = `ask \u200b ${secret} {{ name }} {{x}} ${"-".repeat(70)} ${secret} \u200b ${secret}`;
      const chat = compile([{ role: "system", content: text }], { declared: ["name", "tone"] });
      expect(new Set(chat.diagnostics.map(({ code }) => code)).size).toBe(5);
      const all = JSON.stringify(chat.diagnostics);
      const begin = secret.startsWith("-----") ? body(64) : secret;
      const pieces = [...begin].map((_, at) => begin.slice(at, at + 9)).filter((one) => one.length === 9);
      expect(pieces.filter((piece) => all.includes(piece))).toEqual([]);
    }
  });
});
