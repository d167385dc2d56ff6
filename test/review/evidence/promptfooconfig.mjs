// What promptfoo 0.123.1 evaluated for results.json: `triage` and `reply` in two versions, with ten cases.
const prompt = (label, render) => ({ label, raw: label, function: ({ vars }) => render(vars) });
export default {
  env: { PROMPTFOO_DISABLE_TEMPLATING: "true" },
  providers: ["file://model.cjs"],
  prompts: [
    prompt("triage 1", ({ name, topic }) => `Hello ${name}, about ${topic}. {{ env.HOME }}`),
    prompt("triage 2", ({ name, topic }) => `Hi ${name}: ${topic}! {% raw %}`),
    prompt("reply 1", ({ name, topic }) => [
      { role: "system", content: "Be {{ brief }}." },
      { role: "user", content: `${name} asks: ${topic}` },
    ]),
    prompt("reply 2", ({ name, topic }) => [
      { role: "system", content: "Be {{ kind }}." },
      { role: "user", content: `${name} asks: ${topic}` },
    ]),
  ],
  tests: Array.from({ length: 10 }, (_, index) => ({
    ...(index === 3 && { description: "the fourth case" }),
    vars: { name: `Customer ${index}`, topic: index === 5 ? "{{name}} {% if %} {# c #}" : "billing" },
    assert: [{ type: "not-icontains", value: index < 4 ? "hi customer" : "kind" }],
  })),
};
