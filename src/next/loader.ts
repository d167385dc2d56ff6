/** Runs in Turbopack's loader processes: gives each `scope:` import the module that the command's one build made. */
import { connect } from "node:net";
import { dirname, relative } from "node:path";
import { ConnectionError } from "../errors/classes.ts";
import { formatError } from "../errors/format-error.ts";
import type { LoaderAnswer, LoaderQuestion } from "./prompt-server.ts";

export type LoaderOptions = { readonly server: string; readonly browser: boolean };

interface LoaderContext {
  readonly resourcePath: string;
  readonly resourceQuery: string;
  readonly resourceFragment?: string;
  getOptions(): LoaderOptions;
  addDependency(file: string): void;
}

/** @throws an Error for a person, without a stack: it would be ours */
export default async function loadPrompt(this: LoaderContext): Promise<string> {
  const { server, browser } = this.getOptions();
  const name = `${this.resourceQuery}${this.resourceFragment ?? ""}`.slice("?name=".length);
  const { file, error, madeOf } = await ask(server, { specifier: `scope:${name}`, browser });
  for (const one of madeOf) this.addDependency(one);
  if (file === undefined) throw readable(error ?? "The import has no module.");
  // The module itself is a file that Turbopack reads and watches like any other.
  const path = relative(dirname(this.resourcePath), file).replaceAll("\\", "/");
  const from = JSON.stringify(path.startsWith(".") ? path : `./${path}`);
  return `export * from ${from};\nexport { default } from ${from};\n`;
}

function ask(server: string, question: LoaderQuestion): Promise<LoaderAnswer> {
  return new Promise((done, fail) => {
    let text = "";
    const socket = connect(server).setEncoding("utf8");
    socket.on("data", (chunk) => (text += chunk));
    socket.on("end", () => (text === "" ? fail(readable(gone(undefined))) : done(JSON.parse(text))));
    socket.on("error", (cause) => fail(readable(gone(cause))));
    socket.end(JSON.stringify(question));
  });
}

function gone(cause: unknown): string {
  return formatError(
    new ConnectionError("The process that read next.config, and answers for prompts, cannot be reached.", {
      code: "next_server_gone",
      hint: "Start Next anew.",
      cause,
    }),
  );
}

function readable(text: string): Error {
  const error = new Error(text);
  error.name = "";
  error.stack = text;
  return error;
}
