import type { Remedies } from "./index.ts";

const REPAIR = "Restore the file from version control, or fetch it again with `scope-gen pull`.";

/** Templates, answers, and the committed snapshot. */
export const PROMPT_REMEDIES = {
  variable_missing: [
    "The call leaves a variable out. Where types are there, the compiler says so too.",
    "Give every variable that the message names.",
  ],
  variable_unknown: [
    "A misspelt name, or a variable that the new version dropped.",
    "Use the nearest name that the message gives, or remove it from the call.",
  ],
  variable_invalid: [
    "`undefined`, `null`, an object or a list was given for a variable. Or the config narrows it to other values.",
    'Make a text of it first. Only prompts with `syntax: "mustache"` take lists and objects.',
  ],
  template_near_miss: [
    "A variable is `{{name}}`, without spaces, of letters, digits and underscores. Everything else is text.",
    "Write it so on the platform and save a new version. If it is meant as text, nothing has to be done.",
  ],
  template_variable_undeclared: [
    "The list of variables on the platform was not brought up to date with the text.",
    "Save a new version on the platform. Calls need the variable all the same.",
  ],
  template_variable_unused: [
    "The text was changed, and the list of variables or the `variables` of the config was not.",
    "Remove it there, or use it in the text. Calls do not take it.",
  ],
  template_unclosed_tag: [
    "`{{` without the `}}` that belongs to it, at the place of the message.",
    "Close the tag and save a new version. Until then pin the version before: `scope-gen pin <name> --previous`.",
  ],
  template_unclosed_section: [
    "`{{#name}}` or `{{^name}}` without `{{/name}}`, or sections that cross each other.",
    "Close it where it should end, the inner section first, and save a new version.",
  ],
  template_unopened_section: [
    "`{{/name}}` without `{{#name}}` before it, or with another name.",
    "Remove it or correct its name, and save a new version.",
  ],
  template_invalid_delimiters: [
    "A tag that begins with `=` sets new delimiters, and has not exactly two texts.",
    "Write it as `{{=<% %>=}}`, and save a new version.",
  ],
  template_invalid: [
    "Sections are nested deeper, or the text is longer, than a prompt may be.",
    "Make it smaller, or part it into several prompts.",
  ],
  template_partial_missing: [
    "`{{>name}}` names a prompt that does not exist, was not pulled, or cannot be fetched.",
    "Write the name as in an import, without the `scope:`, and run `scope-gen pull`.",
  ],
  template_partial_chat: [
    "A partial is put into a text, and a chat prompt is a list of messages.",
    "Include a text prompt.",
  ],
  template_partial_endless: [
    "A partial includes itself, perhaps through others, outside of a section that goes down into the data.",
    "Put the tag inside a section over the children, or remove it.",
  ],
  template_partials_too_many: [
    "Partials that include each other many times over: what their names mean would take too long to find out.",
    "Include fewer partials inside sections of partials, and use fewer names both inside of sections and outside.",
  ],
  sample_unknown: [
    "The name after `--sample` is misspelt, or the sample was not committed.",
    "Use a name that the message lists, or save one with `scope-gen ui`.",
  ],
  samples_damaged: [
    "The file was edited by hand or badly merged.",
    'Give it the form `{ "short": { "name": "Ada" } }`: samples by name, and values by variable.',
  ],
  sample_too_deep: [
    "`Save sample` in the inspector got values within values, 200 levels and more.",
    "Leave out what the prompt does not need: a sample holds the variables of one render call.",
  ],
  output_schema_invalid: [
    "The schema in the metadata is wrong, refers to other documents, or has a pattern that can take very long.",
    "Correct the place that the message names, and save a new version ([answers.md](answers.md#which-schemas)).",
  ],
  output_keyword_unknown: [
    "A keyword is misspelt, of an older draft, or of another tool.",
    "Correct it and save a new version; a note of your own begins with `x-`.",
  ],
  output_invalid: [
    "The model answered something else than it was asked for, or was not given the schema.",
    "Give `outputSchema` to the model. Catch the error and ask again: `problems` says what is wrong.",
  ],
  snapshot_missing: [
    "The import is new and nobody has pulled since, or `scope/` was not committed.",
    "Run `scope-gen pull` and commit `scope/` and the types.",
  ],
  snapshot_damaged: [
    "A merge conflict, a file that was cut off, or one that was renamed by hand.",
    `${REPAIR} After a conflict, keep one side first: [Working in a team](guide/team.md#a-conflict-in-the-snapshot).`,
  ],
  snapshot_integrity: [
    "Somebody edited the text in the repository. Prompts are changed on the platform; or a merge mixed two versions.",
    REPAIR,
  ],
  snapshot_unreadable: [
    "The permissions do not allow it, or a folder lies where a file should be.",
    "Check the permissions of the file and the folders around it, and what lies there.",
  ],
  snapshot_unwritable: [
    "No permission, a full disk, a read-only checkout, or another program that holds the file open.",
    "Check permissions and disk, and run `scope-gen pull` again. A build writes neither.",
  ],
  snapshot_format_newer: [
    "A colleague or another branch uses a newer version of this package.",
    "Update `unplugin-scope` to that version.",
  ],
  types_foreign: [
    "A file of yours lies at the path of the types.",
    "Name another path with `dts` in the config, or remove the file.",
  ],
  types_unsettled: [
    "Several commands or development servers write the snapshot of one project all the time.",
    "End the others, and run `scope-gen types`.",
  ],
} satisfies Partial<Remedies>;
