import { it, type TestContext } from "vitest";

/** What a row of `docs/support.md` says; the columns that every framework has, and one for what only some have. */
export const COLUMNS = ["build", "server", "dev", "types", "manifest", "init", "doctor"] as const;
/** What a row of its table of SDKs says. */
export const SDK_COLUMNS = ["chat", "answer", "stream", "attributes", "types"] as const;

/** One of the columns, or a few words of one's own for the column "also" of a framework. */
export type Check = (typeof COLUMNS | typeof SDK_COLUMNS)[number] | (string & {});

/** What a test leaves for the reporter that writes `docs/support.md`. */
export interface SupportMeta {
  /** The row, with the version that was installed: "SvelteKit 2.50.1". */
  readonly row: string;
  readonly check: Check;
  /** It belongs to the table of SDKs. */
  readonly isSdk?: boolean;
  /** The version of Node that the application ran on, where it is not the tests' own. */
  readonly nodeVersion?: string | undefined;
}

declare module "vitest" {
  interface TaskMeta {
    support?: SupportMeta;
  }
}

/**
 * A test whose outcome is a cell of `docs/support.md`.
 *
 * @param row read when the test runs: what is installed decides the versions in it
 */
export function supports(
  row: () => Omit<SupportMeta, "check"> | Promise<Omit<SupportMeta, "check">>,
  check: Check,
  title: string,
  work: () => Promise<unknown>,
  timeoutMs = 300_000,
): void {
  it(`${check}: ${title}`, { timeout: timeoutMs }, async ({ task }: TestContext) => {
    task.meta.support = { ...(await row()), check };
    await work();
  });
}
