import { spawn } from "node:child_process";
import { type Env, readEnv } from "../environment.ts";

/** The command that opens an address on each system. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  // The empty string is the window title, which `start` expects first.
  win32: ["cmd", "/c", "start", '""'],
};

/** Opens an address in the browser, or in the program that `BROWSER` names. A failure is reported, but ends nothing. */
export async function openInBrowser(url: string, env: Env, warn: (text: string) => void): Promise<void> {
  const own = readEnv(env, "BROWSER");
  const [command = "", ...args] = own === undefined ? (OPENERS[process.platform] ?? ["xdg-open"]) : [own];
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  await new Promise<void>((done) => {
    child.once("spawn", done);
    child.once("error", (error) => {
      warn(`Couldn't open the browser (${error.message}). The address is ${url}`);
      done();
    });
  });
  child.unref();
}
