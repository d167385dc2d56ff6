// 1,000 prompts as a project might have them: about 600 bytes each, with one to three variables.
const WORDS =
  "You are a helpful assistant for a small online shop that sells garden tools and seeds. Answer in the language of the customer. Keep it short, friendly and exact, and never promise what the shop cannot keep. If you do not know, say so and point to the help page.".split(
    " ",
  );
const VARIABLES = ["customer", "question", "order_id"];

/** @returns {{ name: string, text: string, variables: string[] }[]} */
export function manyPrompts(count, bytes = 600) {
  return Array.from({ length: count }, (_, i) => {
    const variables = VARIABLES.slice(0, (i % 3) + 1);
    const words = [`${i}:`];
    let length = 0;
    while (length < bytes - 14 * variables.length) {
      const word = WORDS[(i * 7 + words.length) % WORDS.length];
      words.push(word);
      length += word.length + 1;
    }
    const step = Math.floor(words.length / (variables.length + 1));
    variables.forEach((name, at) => {
      words.splice(step * (at + 1) + at, 0, `{{${name}}}`);
    });
    return { name: `prompt-${i}`, text: words.join(" "), variables };
  });
}

/** The template as a literal over `v`, as written by hand. */
export function literal(text) {
  return `\`${text.replace(/\{\{(\w+)\}\}/g, (_, name) => `\${v.${name}}`)}\``;
}
