import { Option } from "commander";
import { asRun } from "../../errors/printable.ts";
import { type CheckReport, checkJson } from "../../project/reports/report.ts";
import { mayAsk } from "../../project/versions/resolve.ts";
import type { Label } from "../../prompt.ts";
import { type AddCommand, type CommandContext, labelOption } from "../cli/context.ts";
import { usageError } from "../cli/errors.ts";
import { findRepository, githubCommands, gitlabReport, remarksOn } from "../report/remarks.ts";
import { checkText, typesText } from "../report/text.ts";

const FORMATS = ["text", "json", "markdown", "github", "gitlab"] as const;
type Format = (typeof FORMATS)[number];

interface CheckFlags {
  readonly label?: Label;
  readonly failOn: "any" | "breaking";
  readonly format?: Format;
}

const EXIT = { "in-sync": 0, unknown: 1, compatible: 2, breaking: 3 } as const;

/** `scope-gen check`: is the project in step with its snapshot and the platform, and if not, what breaks? */
export const addCheck: AddCommand = (program, action) => {
  program
    .command("check")
    .description("compare your code, types and snapshot with each other and with the platform")
    .addOption(labelOption("compare with what this label points at, to see if you can promote it"))
    .addOption(
      new Option("--fail-on <what>", "fail for any difference, or only for what breaks")
        .choices(["any", "breaking"])
        .default("any"),
    )
    .addOption(new Option("--format <format>", "what to print (default: text)").choices(FORMATS))
    .addHelpText(
      "after",
      "\nExit code: 0 in step, 2 something differs but nothing breaks,\n3 something breaks, or what calls send doesn't arrive, 1 check couldn't decide.\n\nExamples:\n  scope-gen check\n  scope-gen check --label latest\n  scope-gen check --fail-on breaking --format markdown > comment.md",
    )
    .action(action<[CheckFlags]>(check));
};

async function check(context: CommandContext, flags: CheckFlags): Promise<number> {
  const { output } = context;
  const format = formatOf(flags, output.json);
  const { checkProject } = await import("../../project/reports/check-project.ts");
  const { setupProblems } = await import("../../project/setup-problems.ts");
  await using project = await context.openProject({ isAboutPlatform: true });
  // While the code is looked through.
  if (mayAsk(project)) project.logInEarly();
  const { label } = flags;
  const progress = output.progress("Comparing");
  const report = await checkProject(project, {
    label,
    progress,
    costs: true,
  });
  for (const one of report.warnings) output.warn(one);
  const uses = report.prompts.flatMap((one) => one.uses);
  for await (const one of setupProblems(project.options, uses, context.cwd))
    output.warn(`${one.message} ${one.fix}`);
  await print(context, format, report);
  const isOver = report.prompts.some(({ overBudget = [] }) => overBudget.length > 0);
  const code = isOver ? EXIT.breaking : EXIT[report.status];
  if (code === EXIT.breaking || report.status === "unknown")
    return code === EXIT.breaking ? code : EXIT.unknown;
  return flags.failOn === "breaking" ? 0 : code;
}

/** @throws ConfigurationError `cli_usage` for flags that ask for different formats */
function formatOf({ format }: CheckFlags, json: boolean): Format {
  if (!json || format === undefined || format === "json") return format ?? (json ? "json" : "text");
  throw usageError(
    `--json and --format ${format} can't be used together.`,
    "Each prints a whole document on standard output.",
  );
}

async function print(
  { io, output, cwd }: CommandContext,
  format: Format,
  report: CheckReport,
): Promise<void> {
  const repository = findRepository(io.env, cwd);
  const remarks = remarksOn(report, repository);
  if (format === "markdown") {
    const { checkMarkdown } = await import("../report/markdown.ts");
    output.result(checkMarkdown(report, { cwd, repository }), "texts");
  } else if (format === "gitlab") output.result(gitlabReport(remarks));
  else if (format === "text") output.result(checkText(report, output, cwd));
  else if (format === "json") {
    output.result(checkJson(report, cwd));
    const types = typesText(report, cwd);
    if (types !== undefined) output.warn(types);
  }
  // Takes the progress bar away: what follows isn't written by `output`.
  output.show("");
  if (format !== "github" && ["", "false", undefined].includes(io.env.GITHUB_ACTIONS)) return;
  // GitHub reads workflow commands from both streams, and a document must stay one document.
  const stream = format === "text" || format === "github" ? io.stdout : io.stderr;
  stream.write(asRun(githubCommands(remarks)));
}
