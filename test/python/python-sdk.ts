import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { type OptionalTool, runs } from "../support/optional-tool.ts";
import { run } from "../support/run.ts";

/** One client of the Python SDK and what is asked of it. */
export interface Session {
  readonly credentials: { readonly org_id: string; readonly api_key: string; readonly api_secret: string };
  readonly options: Readonly<Record<string, string>>;
  readonly calls: readonly Call[];
}

export interface Call {
  readonly name: string;
  readonly label?: string;
  readonly version?: string;
  readonly renders?: readonly Values[];
}

/** Names and values in the order in which they are passed. */
export type Values = readonly (readonly [name: string, value: string | number])[];

export type Outcome =
  | { readonly text: string }
  | { readonly error: string; readonly status?: number; readonly missing?: readonly string[] };

export interface FoundAnswer {
  readonly id: string;
  readonly promptId: string;
  readonly versionNumber: number;
  readonly type: string;
  readonly status: string;
  readonly isProduction: boolean;
  readonly content: string | null;
  readonly declared: readonly string[] | null;
  readonly variables: readonly string[] | null;
  readonly metadata: unknown;
  readonly renders: readonly Outcome[];
}
export type Answer = FoundAnswer | Exclude<Outcome, { text: string }>;

export type Ranges = readonly (readonly [first: number, last: number])[];

export interface PythonResult {
  readonly sessions: readonly { readonly answers: readonly Answer[] }[];
  readonly wordCharacters?: { readonly word: Ranges; readonly assigned: Ranges };
}

/** A Python that can import both httpx and the official SDK. */
export interface Python {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
}

const DRIVER = fileURLToPath(new URL("scope_sdk_driver.py", import.meta.url));

const PYTHONS = ["python3", "/usr/bin/python3", "python"];

/** What the official SDK needs. */
export const HTTPX: OptionalTool = {
  name: "Python with httpx",
  install: "apt-get install python3-httpx",
  isThere: () => PYTHONS.some((python) => runs(python, ["-c", "import httpx"])),
};

/**
 * Looks for a Python with the official SDK: installed, on PYTHONPATH, or in the folder that SCOPE_PYTHON_SDK
 * names (the one that holds `scope_client/`).
 */
export function findPython(): Python | undefined {
  const { SCOPE_PYTHON_SDK, PYTHONPATH } = process.env;
  const path = [SCOPE_PYTHON_SDK, PYTHONPATH].filter((entry) => entry !== undefined && entry !== "");
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: "production",
    PATH: process.env.PATH,
    PYTHONPATH: path.join(delimiter),
    PYTHONUTF8: "1",
  };
  const command = PYTHONS.find((python) => runs(python, ["-c", "import httpx, scope_client"], env));
  if (command !== undefined) return { command, env };
  if (SCOPE_PYTHON_SDK === undefined || SCOPE_PYTHON_SDK === "") return undefined;
  // Whoever names a folder means it: comparing with the recording instead would hide that nothing was run.
  throw new Error(
    `No Python here can import httpx (${HTTPX.install}) and scope_client with SCOPE_PYTHON_SDK=${SCOPE_PYTHON_SDK}`,
  );
}

/** Runs the sessions, one after the other, in one Python process. */
export async function runPython(
  { command, env }: Python,
  job: { readonly sessions: readonly Session[]; readonly wordCharacters?: boolean },
): Promise<PythonResult> {
  const input = JSON.stringify(job);
  const { code, stdout, stderr } = await run(command, [DRIVER], { cwd: import.meta.dirname, env, input });
  if (code !== 0) throw new Error(`The Python driver failed with ${code}:\n${stderr}`);
  return JSON.parse(stdout) as PythonResult;
}
