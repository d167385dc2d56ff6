import { eachPrompt, type Rule } from "../rule.ts";

/** The compiler knows; here its warning gets a severity. */
export const unusedVariable: Rule = {
  id: "prompt-unused-variable",
  find: eachPrompt(({ prompt }) =>
    prompt.diagnostics
      .filter(({ code }) => code === "template_variable_unused")
      .map(({ message, hint }) => ({ message, hint: hint ?? "" })),
  ),
};
