import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { leftOut, runs } from "../support/optional-tool.ts";
import { cleanEnv, run } from "../support/run.ts";

export interface Call {
  readonly name: string;
  readonly label?: string;
  readonly version?: string;
  readonly renders?: readonly Readonly<Record<string, string>>[];
}

/** What the SDK has of a version, or its error: what the driver prints. */
export type Answer = Readonly<Record<string, unknown>>;

const DRIVER = fileURLToPath(new URL("scope_sdk_driver.rb", import.meta.url));
const INSTALL = "apt-get install ruby ruby-faraday ruby-faraday-retry";

/**
 * Looks for a Ruby with the official SDK: installed, on RUBYLIB, or in the folder that SCOPE_RUBY_SDK names (the one that
 * holds `scope_client.rb`). Without it the file's tests are left out, which is said in one line; under CI=true too, since
 * no Debian package has the SDK.
 *
 * @returns RUBYLIB for it
 */
export function findRuby(): string | undefined {
  const { SCOPE_RUBY_SDK = "", RUBYLIB = "" } = process.env;
  const path = [SCOPE_RUBY_SDK, RUBYLIB].filter((entry) => entry !== "").join(delimiter);
  if (runs("ruby", ["-e", 'require "scope_client"'], cleanEnv({ RUBYLIB: path }))) return path;
  // Somebody who names a folder means it.
  if (SCOPE_RUBY_SDK !== "")
    throw new Error(`No Ruby here (${INSTALL}) can load scope_client with SCOPE_RUBY_SDK=${SCOPE_RUBY_SDK}`);
  leftOut(`There's no official SDK for Ruby here (SCOPE_RUBY_SDK, and ${INSTALL})`);
  return undefined;
}

/** What the SDK answers to these calls, one after the other in one Ruby. */
export async function askRuby(
  path: string,
  url: string,
  calls: readonly Call[],
  clientSecret = "local",
): Promise<readonly Answer[]> {
  const input = JSON.stringify({ url, client_secret: clientSecret, calls });
  const env = { RUBYLIB: path, LANG: "C.UTF-8" };
  const { code, stdout, stderr } = await run("ruby", [DRIVER], { cwd: import.meta.dirname, env, input });
  if (code !== 0) throw new Error(`The Ruby driver failed with ${code}:\n${stderr}`);
  return JSON.parse(stdout) as Answer[];
}
