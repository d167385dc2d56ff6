import type { ResolvedConnection } from "../client/connection/types.ts";
import { cancelOf } from "../client/http/cancel.ts";
import type { Requester } from "../client/requester.ts";
import type { PromptRef, PromptVersionData } from "../prompt.ts";

/** What a project fetches its prompts from. */
export interface Reached {
  /** Fetches what the platform serves now, bypassing every cache; undefined if there are no credentials. */
  readonly fetchVersion: ((ref: PromptRef, signal?: AbortSignal) => Promise<PromptVersionData>) | undefined;
  /** Logs in before anything is fetched, to save the wait. If that has failed, every fetch fails like it. */
  logInEarly(): void;
  /** Closes the connections; a later fetch opens new ones. */
  close(): Promise<void>;
}

/** The platform behind a connection. Makes no request yet. */
export function reach(connection: ResolvedConnection): Reached {
  let requester: Promise<Requester> | undefined;
  let failure: { readonly error: unknown } | undefined;
  const open = () => {
    // Loaded when something is fetched: a build from the snapshot doesn't need it.
    requester ??= import("../client/requester.ts").then(({ Requester }) => new Requester(connection));
    return requester;
  };
  const fetchVersion = async (ref: PromptRef, signal?: AbortSignal): Promise<PromptVersionData> => {
    if (failure !== undefined) throw failure.error;
    return (await open()).fetchFirst(ref, cancelOf(signal));
  };
  return {
    fetchVersion: connection.credentials === undefined ? undefined : fetchVersion,
    logInEarly() {
      open()
        .then((opened) => opened.logIn())
        .catch((error) => {
          failure = { error };
        });
    },
    async close() {
      const opened = requester;
      requester = undefined;
      // If it couldn't be made, the fetch has said so.
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}
