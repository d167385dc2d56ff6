// What a broken or hostile server may send.
import fc from "fast-check";
import { version } from "../faulty-platform.ts";

const words = (text: string) => fc.constantFrom(...text.split(" "));
const hostileKey = words("__proto__ constructor prototype toString then toJSON valueOf");
const hugeNumber = words("1e999 -1e999 123456789012345678901234567890 1e-400 -0 9007199254740993");

/** JSON text, so that what no JavaScript value can hold is there too. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.json({ maxDepth: 1 }),
    hugeNumber,
    fc.string().map((text) => JSON.stringify(text)),
    fc.constant('"\\ud800"'),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join()}]`),
    fc
      .array(fc.tuple(fc.oneof(hostileKey, fc.string({ maxLength: 5 })), tie("value")), { maxLength: 4 })
      .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
  ),
})).value;

const deep = fc
  .tuple(fc.integer({ min: 50, max: 20_000 }), fc.constantFrom(["[", "]"], ['{"a":', "}"]))
  .map(
    ([depth, [open = "", close = ""]]) =>
      open.repeat(depth) + (open === "[" ? "" : "1") + close.repeat(depth),
  );

const fields = Object.keys(version());

/** A right answer with some fields gone, some of another kind, some unheard of. */
const nearlyRight: fc.Arbitrary<string> = fc
  .record({
    chat: fc.boolean(),
    changes: fc.array(
      fc.tuple(fc.constantFrom(...fields), fc.oneof(fc.constant(undefined), jsonText, deep)),
      { maxLength: 3 },
    ),
    extra: fc.array(fc.tuple(fc.oneof(hostileKey, fc.string()), jsonText), { maxLength: 2 }),
  })
  .map(({ chat, changes, extra }) => {
    const base = chat
      ? version({ prompt_type: "chat", content: [{ role: "user", content: "{{name}}" }] })
      : version();
    const texts = new Map(Object.entries(base).map(([key, value]) => [key, JSON.stringify(value)]));
    for (const [key, text] of changes) {
      if (text === undefined) texts.delete(key);
      else texts.set(key, text);
    }
    const pairs = [...texts, ...extra].map(([key, text]) => `${JSON.stringify(key)}:${text}`);
    return `{${pairs.join()}}`;
  });

const encoder = new TextEncoder();
/** The bytes of an answer: right, nearly right, any JSON, nested deeply, cut, no text at all. */
export const body: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: nearlyRight.map((text) => encoder.encode(text)) },
  { weight: 2, arbitrary: jsonText.map((text) => encoder.encode(text)) },
  { weight: 1, arbitrary: deep.map((text) => encoder.encode(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }) },
  {
    weight: 2,
    arbitrary: fc.tuple(nearlyRight, fc.nat(), fc.nat(255)).map(([text, at, byte]) => {
      const bytes = encoder.encode(text);
      bytes[at % bytes.length] = byte;
      return bytes;
    }),
  },
);

const REFUSED = [201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 409, 418, 429, 500, 503, 599];
export const status = fc.oneof(
  { weight: 8, arbitrary: fc.constant(200) },
  { weight: 2, arbitrary: fc.constantFrom(...REFUSED) },
);

/** Header values as HTTP carries them: bytes, none of them a line end. */
const headerValue = fc.oneof(
  fc.constantFrom("", "Wed, 21 Oct 2015 07:28:00 GMT"),
  words("0 -1 1e9 99999999999999 NaN Infinity gzip"),
  fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 30,
  }),
);
export const headers = fc.dictionary(
  words("content-type content-encoding retry-after date etag x-request-id location"),
  headerValue,
  { maxKeys: 4, noNullPrototype: true },
);
