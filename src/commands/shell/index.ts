/** The entry of the command line, loaded by `bin/scope-gen.js`. */
export { main } from "./main.ts";
export { runCli } from "./run-cli.ts";
