/** What somebody writes who means the variable `ticket`, and what is text. */
// biome-ignore format: a list
export const SPELLINGS = [
  "{{ ticket }}", "{{ticket }}", "{{ ticket}}", "{{\tticket}}", "{{\u00a0ticket\u00a0}}", "{ticket}", "{ ticket }", "{{ticket}",
  "{ticket}}", "{{tic\u200bket}}", "{{\u2060ticket}}", "{{tick\u00adet}}", "{{ticket.text}}", "{{user.ticket}}", "{{.ticket}}",
  "{{ticket|upper}}", "{{ ticket | default('none') }}", "{{#ticket}}", "{{ticket-text}}", "\\{\\{ticket\\}\\}", "${ticket}",
  "[ticket]", "[[ticket]]", "<ticket>", "((ticket))", "%ticket%", "{%ticket%}", "｛｛ticket｝｝", "{{'ticket'}}", "{{ticket?}}",
  "{{ticket()}}", "{{ticket[0]}}",
];
