import { isObject } from "../prompt.ts";

// Each begins where no other letter of a key can be before it, so that a long text is read once.
const SHAPES: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  { kind: "an AWS access key ID", pattern: /(?<![\w-])A(?:KIA|SIA)[A-Z2-7]{16}(?![\w-])/g },
  {
    kind: "a GitHub token",
    pattern: /(?<![\w-])(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?!\w)/g,
  },
  { kind: "a Slack token", pattern: /(?<![\w-])xox[abeoprs]-[\w-]{20,}/g },
  { kind: "a Slack webhook", pattern: /hooks\.slack\.com\/services\/[\w/]{40,80}/g },
  { kind: "an Anthropic key", pattern: /(?<![\w-])sk-ant-[\w-]{32,}/g },
  {
    kind: "an OpenAI key",
    pattern: /(?<![\w-])sk-(?:(?:proj|svcacct|admin)-[\w-]{32,}|[A-Za-z0-9]{48})(?![\w-])/g,
  },
  { kind: "a Google API key", pattern: /(?<![\w-])AIza[\w-]{35}(?![\w-])/g },
  {
    kind: "a Scope API key",
    // The organisation, the environment, and what has digits: words don't.
    pattern: /(?<![\w-])[a-z0-9_-]{2,64}_(?:live|stag|test)_(?=[a-z]*[0-9])[a-z0-9]{10,20}(?![\w-])/g,
  },
  { kind: "a Stripe key", pattern: /(?<![\w-])[rs]k_(?:live|test)_[A-Za-z0-9]{24,}(?!\w)/g },
  {
    kind: "a private key",
    // Lines, or their escapes as in JSON, of what a key consists of.
    pattern: /-----BEGIN (?:[A-Z]{2,9} )?PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{64,8192}/g,
  },
  { kind: "a JSON Web Token", pattern: /(?<![\w.-])eyJ[\w.-]{40,}/g },
];

/** Finds what has the shape of a secret and isn't an example of one. In the order of the text, without overlaps. */
export function findSecrets(text: string) {
  const found = SHAPES.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)]
      .filter(([secret]) => !isExample(secret))
      .map(({ 0: secret, index }) => ({ kind, index, length: secret.trimEnd().length })),
  );
  return found.sort((a, b) => a.index - b.index);
}

/** How many characters of a secret are shown, so that its owner recognises it. */
const SHOWN = 4;

/** The same text at the same length: of each secret only the first four characters and the line endings stay. */
export function maskSecrets(text: string): string {
  let shown = "";
  let end = 0;
  for (const { index, length } of findSecrets(text)) {
    const hidden = text.slice(index + SHOWN, index + length).replace(/[^\r\n]/g, "•");
    shown += text.slice(end, index + SHOWN) + hidden;
    end = index + length;
  }
  return shown + text.slice(end);
}

/** A real key is random: it uses many characters, says nothing, and doesn't count. */
function isExample(secret: string): boolean {
  if (secret.startsWith("-----")) return false;
  if (secret.startsWith("eyJ")) return !isToken(secret.split("."));
  const word = /example|placeholder|redacted|dummy|1234567|abcdefg/i;
  return word.test(secret) || /(.)\1{4}/.test(secret) || new Set(secret).size < 12;
}

const CLAIMS = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/** A token whose payload doesn't say whose it is, or when it ends, isn't accepted anywhere. */
function isToken([, payload = "", signature = ""]: readonly string[]): boolean {
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    return isObject(claims) && CLAIMS.some((claim) => Object.hasOwn(claims, claim)) && signature.length > 15;
  } catch {
    return false;
  }
}
