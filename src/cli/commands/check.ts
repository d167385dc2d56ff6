import { Option } from "commander";
import type { RenderedPrompts } from "../../commands/check/rendered-prompts.ts";
import { hasCost, overBudgetCount, typesProblem, type Verdict } from "../../commands/check/verdict.ts";
import { usageError } from "../../commands/usage-error.ts";
import { shortPath } from "../../errors/format-error.ts";
import type { Label } from "../../prompt.ts";
import { refText } from "../../prompt.ts";
import { checkAnnotations } from "../check/check-github.ts";
import { checkJson } from "../check/check-json.ts";
import { checkText } from "../check/check-text.ts";
import type { CommandContext } from "../context.ts";
import { lintExit } from "../lint/lint-exit.ts";
import type { AddCommand } from "../program.ts";
import { startProgress } from "../terminal/progress.ts";
import { spelledOut } from "../terminal/shown-text.ts";

interface CheckFlags {
  readonly label?: Label;
  readonly failOn: "any" | "breaking";
  readonly lint?: boolean;
  readonly markdown?: boolean;
}

const EXIT = { "in-sync": 0, compatible: 2, breaking: 3 } as const;

/** `scope-gen check`: is the project in step with its snapshot and the platform, and if not, what breaks? */
export const addCheck: AddCommand = (program, action) => {
  program
    .command("check")
    .description("compare code, types and snapshot, and these with the platform: what breaks?")
    .addOption(
      new Option("--label <label>", "compare with what this label points at: may it be promoted?").choices([
        "production",
        "latest",
      ]),
    )
    .addOption(
      new Option("--fail-on <what>", "any difference, or breaking ones alone")
        .choices(["any", "breaking"])
        .default("any"),
    )
    .option("--lint", "also apply the rules of scope-gen lint")
    .option("--markdown", "print a comment for a pull request")
    .addHelpText(
      "after",
      "\nExit: 0 in step, 2 differs and breaks nothing, 3 breaks code, 1 undecided.\n\nExamples:\n  scope-gen check\n  scope-gen check --label latest\n  scope-gen check --fail-on breaking --markdown > comment.md",
    )
    .action(action<[CheckFlags]>(check));
};

async function check(context: CommandContext, flags: CheckFlags): Promise<number> {
  const { io, output } = context;
  if (flags.markdown && output.json) {
    throw usageError("--markdown and --json do not go together.", "Each is the whole of standard output.");
  }
  const { checkProject } = await import("../../commands/check/check-project.ts");
  const progress = startProgress("Comparing", io, output);
  let verdict: Verdict;
  let rendered: RenderedPrompts = new Map();
  try {
    verdict = await context.withProject(
      async (project) => {
        const found = await checkProject(project, {
          label: flags.label,
          lint: flags.lint,
          onProgress: ({ done, total, ref }) => progress.update(done, total, refText(ref)),
          warn: (text) => {
            progress.stop();
            output.warn(text);
          },
        });
        // What is the same and has no budget isn't counted, and nothing is loaded for it.
        if (!flags.markdown && !found.prompts.some(hasCost)) return found;
        const { Tokenizers } = await import("../../review/cost/tokenizer.ts");
        const { withCosts } = await import("../../commands/cost/check-costs.ts");
        const { renderedPrompts } = await import("../../commands/check/rendered-prompts.ts");
        const tokenizers = new Tokenizers(project.options.tokens.encoding);
        const priced = await withCosts(project.options, found, tokenizers);
        if (flags.markdown) rendered = await renderedPrompts(project.options, priced, tokenizers);
        return priced;
      },
      { isAboutPlatform: flags.label !== undefined },
    );
  } finally {
    progress.stop();
  }
  await print(context, flags, verdict, rendered);
  const code = exitCode(verdict);
  return code === EXIT.compatible && flags.failOn === "breaking" ? 0 : code;
}

/** The worst of drift, budgets and rules. */
function exitCode(verdict: Verdict): number {
  if (overBudgetCount(verdict, "error") > 0) return EXIT.breaking;
  const ofBudgets = overBudgetCount(verdict) > 0 ? EXIT.compatible : 0;
  return Math.max(EXIT[verdict.status], ofBudgets, lintExit(verdict.findings ?? []));
}

async function print(
  context: CommandContext,
  flags: CheckFlags,
  verdict: Verdict,
  rendered: RenderedPrompts,
): Promise<void> {
  const { io, output, cwd } = context;
  if (flags.markdown) {
    const { checkMarkdown } = await import("../check/check-markdown.ts");
    output.result(
      () => undefined,
      () => spelledOut(checkMarkdown(verdict, cwd, rendered)),
      "texts",
    );
  } else {
    output.result(
      () => checkJson(verdict, cwd),
      () => checkText(verdict, output, cwd),
    );
    const types = typesProblem(verdict, (file) => shortPath(file, cwd));
    if (output.json && types !== undefined) output.warn(`${types.what} Write them with: ${types.command}`);
  }
  if (["", "false", undefined].includes(io.env.GITHUB_ACTIONS)) return;
  // GitHub reads workflow commands from both streams, and a document must stay one document.
  const stream = output.json || flags.markdown ? io.stderr : io.stdout;
  stream.write(checkAnnotations(verdict, io.env, cwd));
}
