import type { Remedies } from "./index.ts";

/** Builds, plugins and commands. */
export const TOOL_REMEDIES = {
  build_contract_changed: [
    "The new version needs another variable, has other roles, or lost metadata that the code reads.",
    "Ship what is committed with `SCOPE_FETCH=never`, or run `scope-gen check` and `scope-gen pull`, and change the calls.",
  ],
  build_unknown_specifier: [
    "An unknown query, a name that cannot be decoded, or an alias that the config does not have.",
    "Write `scope:name`, `?label=` or `?version=`, as [modules.md](modules.md#what-an-import-can-say) has them.",
  ],
  build_config_changed: ["The config, or an `.env` file, was edited while the build ran.", "Build again."],
  build_credentials_needed: [
    '`fetch: "always"`, or a command that needs the platform, where no credentials are set.',
    "Set `SCOPE_ORG_ID`, `SCOPE_API_KEY` and `SCOPE_API_SECRET`, or build from the snapshot with `SCOPE_FETCH=never`.",
  ],
  build_platform_down: [
    'An outage, no network, or a wrong address; with `fetch: "always"`, or for a prompt that is not committed.',
    "Try again when the platform responds. `scope-gen pull` then commits what builds can fall back on.",
  ],
  fetch_never: [
    "The command compares with the platform or fetches from it, and the policy forbids that.",
    "Run it without `--fetch never` and `SCOPE_FETCH=never`.",
  ],
  version_not_found: [
    "The number or ID is mistyped, or the version is neither in the snapshot nor in the git history that is there.",
    "Give the version's ID, which the platform finds. In a shallow clone fetch the history: `git fetch --unshallow`.",
  ],
  name_unknown: [
    "The name is misspelt, or the prompt is not imported in this project.",
    "See what there is with `scope-gen list`.",
  ],
  client_bundle_refused: [
    "Code of the page imports the prompt, so that anybody could read its text.",
    'Import it from server code only. `clientBundle: "allow"` permits it; `target: "server"` says that no browser gets the bundle.',
  ],
  live_in_browser: [
    "`?live` needs the platform's credentials, and a page must not have them.",
    "Import it from server code only, or without `?live`.",
  ],
  env_prefix_refused: [
    "Vite puts every variable with the prefix into the page, and the prefix matches `SCOPE_API_SECRET`.",
    "Choose a prefix that `SCOPE_` does not start with, such as `VITE_`.",
  ],
  next_project_unknown: [
    "Next runs with Turbopack in a folder that has neither `app` nor `pages`, such as a workspace's root.",
    "Run it in the folder of the project.",
  ],
  next_server_gone: [
    "The process of `next dev` or `next build` ended, while one of its workers still compiled.",
    "Start it again. If it stays, delete `.scope/next` and read what the first process said.",
  ],
  register_ended: [
    "The thread crashed, was ended by the application, or could not start.",
    "Read the lines before it, and start the program again. `npx scope-gen emit` does without the thread.",
  ],
  source_unreadable: [
    "The permissions of a file or folder do not let it be read.",
    "Make it readable, or name the folders with sources in `include` of the config.",
  ],
  tsconfig_unreadable: [
    "The permissions do not allow it, or it is no file.",
    "Check that it is a file, and its permissions.",
  ],
  tsconfig_invalid: [
    "A comma or a bracket is wrong, or `extends` leads to nothing.",
    "Correct it; `tsc` says the same.",
  ],
  emit_foreign_folder: [
    "`--out-dir` names a folder that holds a package of yours. Emitted files would mix with it.",
    "Choose a folder of its own: `scope-gen emit --out-dir src/prompts`.",
  ],
  emit_map_damaged: [
    "A merge left its marks in `import-map.json`, or the file is cut.",
    "Delete the file, and run `scope-gen emit` with that folder again.",
  ],
  cli_usage: [
    "A misspelt command or flag, or a value that is missing.",
    "Use the nearest name that the message gives. `scope-gen <command> --help` has the flags.",
  ],
  cli_interrupted: [
    "Ctrl-C, or a signal from the system.",
    "Run the command again: what it had written is whole.",
  ],
  cli_ended_early: [
    "The config, or a module that it imports, ends the process or waits for something that never comes.",
    "See that the config does neither.",
  ],
  leads_outside: [
    "Somebody committed a link in the place of a config, of the folder of `emit`, of `scope/samples` or of a file in it.",
    "Look where the link leads. Put a file or a folder in its place, or change the file there by hand.",
  ],
  file_read_only: [
    "The config, or another file that the command would change, is read-only.",
    "Make the file writable and run the command again, or write the change that was printed by hand.",
  ],
  init_file_changed: [
    "An editor or another program saved the file while the question stood on the screen.",
    "Run the command again.",
  ],
  cli_file_unreadable: [
    "The path is mistyped, or relative to another folder, or the file may not be read.",
    "Check the path and the permissions.",
  ],
  several_errors: ["More than one thing is wrong.", "Each is listed with its own code: see these."],
} satisfies Partial<Remedies>;
