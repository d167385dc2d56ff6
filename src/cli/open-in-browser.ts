import { spawn } from "node:child_process";
import { type Env, readEnv } from "../environment.ts";

/** What opens an address on each system. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  // The empty word is the window's title, which `start` takes first.
  win32: ["cmd", "/c", "start", '""'],
};

/** Opens an address in the browser, or in the program that `BROWSER` names. What fails is said, and ends nothing. */
export async function openInBrowser(url: string, env: Env, warn: (text: string) => void): Promise<void> {
  const own = readEnv(env, "BROWSER");
  const [command = "", ...args] = own === undefined ? (OPENERS[process.platform] ?? ["xdg-open"]) : [own];
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  await new Promise<void>((done) => {
    child.once("spawn", done);
    child.once("error", (error) => {
      warn(`The browser could not be opened (${error.message}). The address is ${url}`);
      done();
    });
  });
  child.unref();
}
