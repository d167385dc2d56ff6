/** Runs in Turbopack's loader processes: gives each `scope:` import the module that the command's one build made. */
import { connect } from "node:net";
import { json } from "node:stream/consumers";
import { ConnectionError } from "../../errors/classes.ts";
import { formatError } from "../../errors/format-error.ts";
import { readableError } from "../../errors/printable.ts";
import { NAME_QUERY, SHARED_QUERY } from "./placeholder.ts";
import type { LoaderRequest, LoaderResponse } from "./prompt-build.ts";

export type LoaderOptions = { readonly server: string; readonly browser: boolean };

interface LoaderContext {
  readonly resourceQuery: string;
  readonly resourceFragment?: string;
  getOptions(): LoaderOptions;
  addDependency(file: string): void;
}

/** @throws an Error for a person, without a stack: it would show only our code */
export default async function loadPrompt(this: LoaderContext): Promise<string> {
  const { server, browser } = this.getOptions();
  const { code, error, filesToWatch } = await ask(server, questionOf(this, browser));
  for (const file of filesToWatch) this.addDependency(file);
  if (code === undefined) throw readableError(error ?? "The import has no module.");
  return code;
}

function questionOf({ resourceQuery, resourceFragment }: LoaderContext, browser: boolean): LoaderRequest {
  if (resourceQuery.startsWith(SHARED_QUERY)) return { sharedFile: resourceQuery.slice(SHARED_QUERY.length) };
  // A "#" in a name doesn't start a fragment here.
  const name = `${resourceQuery}${resourceFragment ?? ""}`.slice(NAME_QUERY.length);
  return { specifier: `scope:${name}`, browser };
}

async function ask(server: string, question: LoaderRequest): Promise<LoaderResponse> {
  try {
    return (await json(connect(server).end(JSON.stringify(question)))) as LoaderResponse;
  } catch (cause) {
    const gone = new ConnectionError(
      "The process that read next.config and serves the prompts can't be reached.",
      { code: "next_server_gone", hint: "Restart Next.", cause },
    );
    throw readableError(formatError(gone));
  }
}
