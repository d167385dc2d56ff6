/** The command line's own entry, loaded by `bin/scope-gen.js`. */
export { main } from "./main.ts";
export { runCli } from "./run-cli.ts";
