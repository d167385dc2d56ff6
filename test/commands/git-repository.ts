import { run } from "../support/run.ts";

/** Runs git in a folder, as somebody with a name, and without this machine's settings. Gives what it prints. */
export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const identity = [
    "-c",
    "user.name=Test",
    "-c",
    "user.email=test@example.com",
    "-c",
    "commit.gpgsign=false",
  ];
  const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const ran = await run("git", [...identity, ...args], { cwd, env });
  if (ran.code !== 0) throw new Error(`git ${args.join(" ")}: ${ran.stderr}`);
  return ran.stdout;
}

/** Commits everything in a folder; makes it a repository where it is none. */
export async function commitAll(cwd: string, message: string): Promise<void> {
  await git(cwd, "init", "--quiet", "--initial-branch=main");
  await git(cwd, "add", "--all");
  await git(cwd, "commit", "--quiet", "--allow-empty", "--message", message);
}
