/** A prompt with an archived version, one in production and a draft, and a prompt with a draft alone. */
export const LIFE = {
  "p/1.md": "one {{name}}",
  "p/2.md": "two {{name}}",
  "p/3.md": "three {{name}} {{tone}}",
  "p/prompt.json": JSON.stringify({
    production: 2,
    versions: {
      "1": { id: "v_1", status: "archived", metadata: { model: "small", limits: { max: 4 } } },
      "2": { id: "v_2", tags: ["demo"], promoted_at: "2025-02-03T04:05:06Z", promoted_by: "usr_01XYZ" },
      "3": { id: "v_3" },
    },
  }),
  "unpromoted/1.md": "x",
  "unpromoted/prompt.json": `{"production":null}`,
};
