/**
 * Text as part of an XML document, in an element or between quotes. Characters that XML 1.0 can't hold, such as most
 * control characters and halves of pairs, become U+FFFD.
 *
 * @example xmlText('a < "b"') // "a &#60; &#34;b&#34;"
 */
export function xmlText(text: string): string {
  return text.replace(NOT_XML, "\ufffd").replace(/[&<>"'\t\n\r]/g, (found) => `&#${found.charCodeAt(0)};`);
}

const NOT_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
