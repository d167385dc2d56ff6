import { oneLine } from "../../../compiler/diagnostic.ts";
import { quoted } from "../../../contract/quoted.ts";
import { eachPrompt, type Rule } from "../rule.ts";
import { maskSecrets } from "../secrets.ts";
import { counted, listed } from "../words.ts";

/** Of a single call only a literal is known to stay; it's reported as well, and says that it's the only one. */
export const constantVariable: Rule = {
  id: "prompt-constant-variable",
  find: eachPrompt(({ prompt, calls = [], pieces }) =>
    prompt.variables.flatMap((name) => {
      const [first] = calls;
      if (first === undefined || !Object.hasOwn(first.constants, name)) return [];
      const value = first.constants[name] as string;
      const isSame = calls.every(
        ({ constants }) => Object.hasOwn(constants, name) && constants[name] === value,
      );
      if (!isSame) return [];
      const who = calls.length === 1 ? "The only call gives" : `All ${counted(calls.length, "call")} give`;
      const piece = pieces.find((one) => one.kind === "value" && one.name === name);
      return [
        {
          message: `${who} the variable ${oneLine(name)} the same constant: ${oneLine(quoted(maskSecrets(value)))}.`,
          hint: `Write it into the prompt. Called in ${listed(calls.map(({ file, line }) => `${file}:${line}`))}.`,
          span: piece?.kind === "value" ? piece.span : undefined,
        },
      ];
    }),
  ),
};
