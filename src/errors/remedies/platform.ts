import type { Remedies } from "./index.ts";

/** Configuration, and everything that we ask the platform for. */
export const PLATFORM_REMEDIES = {
  config_invalid: [
    "A misspelt option, a text where a number belongs, or an option of an older version.",
    "The message names the option and the nearest right name. All options are in [config.md](config.md).",
  ],
  config_in_package: [
    "A command was run in the root of a workspace. The configs lie in the packages below it.",
    "Run it in one of the packages that the message names: `scope-gen --cwd packages/app`.",
  ],
  tokenizer_missing: [
    "`tokens.encoding` asks for exact counts, which `gpt-tokenizer` makes.",
    "Install it: `npm install --save-dev gpt-tokenizer`. Or leave `tokens.encoding` out, and counts are estimates.",
  ],
  config_not_editable: [
    "`pin`, `unpin` or `init` should change a config that computes its options, spreads them or imports them.",
    "Write the change that the message shows by hand, or write the options as one literal object.",
  ],
  config_load_failed: [
    "The file does not parse, imports what is not there, throws, is too large, or may not be read.",
    "Read the cause below the message. Run the file alone, and check its path and its permissions.",
  ],
  url_from_env_file: [
    "`SCOPE_API_URL` or `SCOPE_AUTH_API_URL` is in a committed file, and key and secret come from elsewhere. Anybody who can change the file could have the secret sent to an address of theirs.",
    "If the host is yours, set the address in the environment too, or put key and secret into the same file.",
  ],
  credentials_missing: [
    "Organisation, key and secret belong together, and one of them is not set, or your `credentials` function did not return it. A file of the environment for another mode is a common reason.",
    "Set what the message names: `SCOPE_ORG_ID`, `SCOPE_API_KEY` and `SCOPE_API_SECRET`. `scope-gen doctor` shows where each comes from.",
  ],
  request_refused: [
    "The platform does not accept the request as it is: a 4xx that has no code of its own.",
    "Read the platform's own words in the message, and check `apiVersion` and `environment`. Give the request ID to the platform's support.",
  ],
  request_conflict: [
    "The request meets another change on the platform.",
    "Try again. If it stays, look at the prompt on the platform.",
  ],
  authentication_failed: [
    "The token was refused, and one from a new login too: the key was revoked, or the addresses of login and prompts are of two environments.",
    "Check that `SCOPE_API_URL` and `SCOPE_AUTH_API_URL` belong together, and make a new key.",
  ],
  credentials_invalid: [
    "One of organisation, key and secret is mistyped, revoked, or of another application.",
    "Check all three: together they name one application. `scope-gen doctor` tries a login.",
  ],
  login_failed: [
    "The address of the login cannot be reached, something else than the platform responded there, or your own `credentials` function or `getToken()` failed.",
    'Check `SCOPE_AUTH_API_URL`, the network and the proxy; the cause is the error of your function, if it has one. It counts as an outage: `fetch: "auto"` falls back on the snapshot.',
  ],
  access_denied: [
    "The credentials are good, and this application may not read the prompt.",
    "Give the application access to the prompt on the platform, or use credentials that have it.",
  ],
  prompt_not_found: [
    "The name is misspelt, the prompt was renamed or deleted, or it is in another organisation or environment.",
    "Compare the name with the platform's. `scope-gen list` shows every prompt and where it is imported.",
  ],
  no_production_version: [
    "Nobody has labelled a version of the prompt production yet.",
    "Label one on the platform, or ask for `?label=latest`.",
  ],
  rate_limited: [
    "More requests than the platform permits, and it still refused after every retry.",
    "Wait and try again. Fetch less at once: a lower `concurrency`, or a longer `live` interval.",
  ],
  server_error: [
    "The platform has a fault.",
    'Try again later. Builds with `fetch: "auto"` use the snapshot meanwhile. Give the request ID to the platform\'s support.',
  ],
  connection_failed: [
    "No network, a wrong host name, a proxy or firewall between, or a certificate that is not trusted.",
    "Check `SCOPE_API_URL`, the network, `HTTPS_PROXY`, and `NODE_EXTRA_CA_CERTS` for an authority of your own.",
  ],
  request_timeout: [
    "The platform or the network is slow, or a firewall drops packets.",
    "Try again, or raise `timeout` and `deadline` ([client.md](client.md#options)).",
  ],
  redirect_refused: [
    "`baseUrl` or `authApiUrl` is an old address, or `http://` where `https://` is served. A redirect could lead the secret elsewhere.",
    "Set the final address.",
  ],
  response_invalid: [
    "A proxy, a login page or another service responds at the address of the platform.",
    "Check `SCOPE_API_URL` and `SCOPE_AUTH_API_URL`. The message names the first field that is wrong.",
  ],
  response_too_large: [
    "A prompt is very large, or something else than the platform responds.",
    "Raise `maxBodyBytes` if the prompt is really that large. A live prompt has a fixed bound: make it smaller.",
  ],
  label_invalid: [
    "Labels are `production` and `latest`.",
    "Use one of them, or ask for a version by its ID.",
  ],
  name_invalid: [
    "A name is empty, `.` or `..`, or two names would be the same file where letter case does not count.",
    "Rename the prompt on the platform, or import it under the right name.",
  ],
  insecure_url: [
    "Key and secret would go over the network unencrypted.",
    "Use `https://`. In the client `allowInsecure: true` permits it, for a network that you trust.",
  ],
  client_closed: [
    "A call came after `close()`, or was still under way then.",
    "Close the client last, or make a new `ScopeClient`.",
  ],
  platform_options_invalid: [
    "A misspelt option of `startPlatform`, or one of the wrong kind.",
    "The options are in [platform.md](platform.md).",
  ],
  platform_dir_missing: [
    "The folder was not made yet, or the path is relative to another folder.",
    "Make it with a first prompt in it, such as `prompts/welcome/1.md`, or give another folder.",
  ],
  platform_port_unavailable: [
    "Another program listens there, a second `serve` for example, or the port needs rights.",
    "Stop the other one, or choose another port; 0 takes any that is free.",
  ],
  inspector_port_unavailable: [
    "Another program listens there, a second `ui` for example, or the port needs rights.",
    "Stop the other one, or choose another port; 0 takes any that is free.",
  ],
} satisfies Partial<Remedies>;
