/**
 * Every error code. `docs/errors.md` says what each one means, what usually causes it and how to fix it; a test keeps the
 * two in sync. A code starts with its stage and never changes once released.
 */
export const ERROR_CODES = [
  // config
  "config_invalid",
  "config_in_package",
  "config_not_editable",
  "tokenizer_missing",
  "config_load_failed",
  "url_from_env_file",
  "base_url_missing",
  "credentials_missing",

  // client
  "request_refused",
  "request_conflict",
  "authentication_failed",
  "credentials_invalid",
  "login_failed",
  "access_denied",
  "prompt_not_found",
  "no_production_version",
  "rate_limited",
  "server_error",
  "connection_failed",
  "request_timeout",
  "redirect_refused",
  "response_invalid",
  "response_form_unknown",
  "response_chat_text",
  "response_too_large",
  "label_invalid",
  "name_invalid",
  "insecure_url",
  "client_closed",

  // template
  "variable_missing",
  "variable_unknown",
  "variable_invalid",
  "template_near_miss",
  "template_partial_joined",
  "template_variable_undeclared",
  "template_variable_unused",
  "template_unclosed_tag",
  "template_unclosed_section",
  "template_unopened_section",
  "template_invalid_delimiters",
  "template_invalid",
  "template_partial_missing",
  "template_partial_chat",
  "template_partial_endless",
  "template_partials_too_many",

  // samples
  "sample_invalid",
  "sample_unknown",
  "samples_damaged",
  "sample_too_deep",
  "samples_missing",
  "test_framework_missing",

  // answers of models
  "output_schema_invalid",
  "output_keyword_unknown",
  "output_invalid",

  // snapshot
  "snapshot_missing",
  "snapshot_damaged",
  "snapshot_integrity",
  "snapshot_unreadable",
  "snapshot_unwritable",
  "types_foreign",
  "types_unsettled",
  "snapshot_format_newer",

  // build
  "budget_exceeded",
  "build_contract_changed",
  "preview_contract_changed",
  "build_unknown_specifier",
  "build_credentials_needed",
  "build_platform_down",

  "fetch_never",
  "version_not_found",
  "name_unknown",

  // plugin
  "client_bundle_refused",
  "live_in_browser",
  "env_prefix_refused",

  // next, register
  "next_project_unknown",
  "next_server_gone",
  "register_ended",

  // platform
  "platform_options_invalid",
  "platform_dir_missing",
  "inspector_port_unavailable",
  "platform_port_unavailable",

  // discovery
  "source_unreadable",

  // analysis
  "tsconfig_unreadable",
  "tsconfig_invalid",

  "emit_foreign_folder",
  "emit_map_damaged",

  // command line
  "cli_usage",
  "extract_refused",
  "cli_interrupted",
  "cli_ended_early",
  "leads_outside",
  "file_read_only",
  "init_file_changed",
  "cli_file_unreadable",

  // several
  "several_errors",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
