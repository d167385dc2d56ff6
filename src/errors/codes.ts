/**
 * Every error code, in one table: what it means, in one line. `docs/errors.md` lists the same codes, and a test keeps
 * the two in sync. A code starts with its stage and never changes once released.
 */
export const ERROR_CODES = {
  // config
  config_invalid: "An option is unknown, of the wrong type, or past its maximum.",
  config_in_package: "The root of a workspace has no config, and packages of it have their own.",
  config_not_editable: "A config is not one literal object, and so cannot be changed with certainty.",
  config_load_failed: "The config file could not be read or threw while it was evaluated.",
  url_from_env_file:
    "An address in a file that may be committed would be sent a key or secret from elsewhere.",
  credentials_missing:
    "Some of organisation, key and secret are set, but not all, or none where one is needed.",

  // client
  request_refused: "The platform refused the request (a 4xx without a class of its own).",
  request_conflict: "The platform responded with 409.",
  authentication_failed: "The platform responded with 401, and again after a new login.",
  credentials_invalid: "The login responded with 401 or 403: organisation, key or secret is wrong.",
  login_failed: "The login failed for another reason than the credentials; counts as an outage.",
  access_denied: "The platform responded with 403 for this prompt.",
  prompt_not_found: "There is no prompt or version of that name on the platform.",
  no_production_version: "The prompt exists, but no version is labelled production.",
  rate_limited: "The platform responded with 429 on every attempt.",
  server_error: "The platform responded with 5xx on every attempt.",
  connection_failed: "No whole response came: refused, reset, cut off, or the host is not known.",
  request_timeout: "No response within the time-out or the deadline.",
  redirect_refused: "The platform responded with a redirect, which is never followed.",
  response_invalid: "The response is complete, but it is not a prompt version.",
  response_too_large:
    "The response is larger than maxBodyBytes, or a live prompt's has more than 20,000 values and variables.",
  label_invalid: "A label other than production or latest.",
  name_invalid: "A prompt name or version ID that cannot be sent.",
  insecure_url: "An http:// address that is not loopback.",
  client_closed: "The client was closed.",

  // template
  variable_missing: "A render call without a value for a variable of the template.",
  variable_unknown: "A render call with a variable that the template does not have.",
  variable_invalid: "A value that is not a string, number, bigint or boolean.",
  template_near_miss: "Text that looks like a variable and is none, such as {{ name }}. A warning.",
  template_variable_undeclared: "The template uses a variable that the platform does not list. A warning.",
  template_variable_unused:
    "A variable is listed on the platform or in the config, and the template does not use it. A warning.",
  template_unclosed_tag: "A mustache tag is opened but never closed.",
  template_unclosed_section: "A mustache section is not closed where it should be.",
  template_unopened_section: "A mustache section is closed that was never opened.",
  template_invalid_delimiters: "A mustache tag sets delimiters that are not two texts.",
  template_invalid: "A mustache template is nested too deep, or has too many characters or tags.",
  template_partial_missing: "A mustache partial names a prompt that was not found, or is no name.",
  template_partial_chat: "A mustache partial names a chat prompt.",
  template_partial_endless: "A mustache partial includes itself where nothing leads deeper into the data.",
  template_partials_too_many: "Mustache partials, or the names in them, lead to too many places.",

  // samples
  sample_unknown: "A sample that is not among those of the prompt.",
  samples_damaged: "A file of samples is not a JSON object.",
  sample_too_deep: "A sample is nested so deep that it could not be read back.",

  // answers of models
  output_schema_invalid:
    "The JSON Schema of a version's answers does not compile, or is not safe to compile.",
  output_keyword_unknown: "A schema of answers has a keyword that JSON Schema does not know, and so ignores.",
  output_invalid: "An answer of a model does not fit the schema of the prompt's version.",

  // snapshot
  snapshot_missing: "A prompt is needed from the snapshot, and nothing is committed for it.",
  snapshot_damaged: "A snapshot file is not JSON, or not of the snapshot's shape.",
  snapshot_integrity: "A snapshot file was edited by hand or badly merged: its integrity does not match.",
  snapshot_unreadable: "A file of the snapshot, or its folder, may not be read, or is something else.",
  snapshot_unwritable: "A file of the snapshot or of the types could not be written.",
  types_foreign: "A file that was not generated is in the place of the types.",
  types_unsettled: "Other programs changed snapshot or types again and again while the types were written.",
  snapshot_format_newer: "A snapshot file was written by a newer version of this package.",

  // build
  build_contract_changed: "The fetched version does not keep the contract of the committed one.",
  build_unknown_specifier: "A scope: import that cannot be read, or names nothing known.",
  build_config_changed: "The config changed while a build ran, and an import asks for another prompt now.",
  build_credentials_needed: "fetch is always (or a pull was asked for), and there are no credentials.",
  build_platform_down:
    "The platform cannot be reached, and the policy or a missing snapshot makes that an error.",

  fetch_never:
    "A pull, a diff or check --label needs the platform, and --fetch never or SCOPE_FETCH=never keeps it away.",
  version_not_found: "A version named on the command line is in none of the places where it was looked for.",
  name_unknown: "A name on the command line that is neither configured nor imported.",

  // plugin
  client_bundle_refused: 'A prompt would enter a browser bundle, and clientBundle is "error".',
  live_in_browser: "A live prompt is imported in a browser bundle, where no credentials may be.",
  env_prefix_refused:
    "A Vite envPrefix that would put SCOPE_ variables, the secret among them, into the page.",

  // next, register
  next_project_unknown: "The folder of the Next project isn't known, so imports couldn't be found.",
  next_server_gone: "The process that read next.config, and serves the prompts, cannot be reached.",
  register_ended: "The thread that compiles prompts for /register has ended, or never began.",

  // platform
  platform_options_invalid: "An option of startPlatform is unknown or of the wrong kind.",
  platform_dir_missing: "The folder of prompts that the local platform is to serve is not there.",
  inspector_port_unavailable: "The inspector cannot listen on its port: it is taken, or not permitted.",
  platform_port_unavailable: "The local platform cannot listen on its port: it is taken, or not permitted.",

  // discovery
  source_unreadable: "A source file could not be read while scope: imports were looked for.",

  // analysis
  tsconfig_unreadable: "A tsconfig may not be read, so that it is not known which files it includes.",
  tsconfig_invalid: "A tsconfig that does not parse, so that calls cannot be checked.",

  emit_foreign_folder: "The folder to emit to holds a package.json that scope-gen did not write.",
  emit_map_damaged: "The map in a folder that scope-gen emit wrote cannot be read.",

  // command line
  cli_usage: "A command, flag or argument of scope-gen that is unknown, missing or cannot be used.",
  cli_interrupted: "The command was stopped before its end.",
  cli_ended_early: "The process ended, or had nothing left to run, before the command's work was done.",
  leads_outside: "A file that would be read or changed is a link to somewhere outside of the project.",
  file_read_only: "A file that scope-gen init or pin would change may not be written.",
  init_file_changed: "A file changed while scope-gen init or pin asked about it, and was left alone.",
  cli_file_unreadable: "A file named on the command line could not be read.",

  // several
  several_errors: "More than one problem; each is listed.",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
