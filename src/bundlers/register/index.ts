/**
 * `node --import unplugin-scope/register app.js`: `scope:` imports without a bundler. Importing this file is enough.
 *
 * @throws an Error for a person, if the config can't be used
 */
import nodeModule, { type ResolveHookContext } from "node:module";
import { promptFile, resolvePrompt } from "./resolve-prompt.ts";
import { channelOfBuild } from "./start-worker.ts";

/** The part of Node's synchronous hooks that is used here; available from 22.15 on. */
interface SynchronousHooks {
  registerHooks?(hooks: {
    resolve(
      specifier: string,
      context: ResolveHookContext,
      next: (specifier: string, context: ResolveHookContext) => unknown,
    ): unknown;
  }): void;
}

const channel = channelOfBuild();

/** Makes `scope:` imports work in this thread. */
export const isRegistered = true;

// Looked up at run time: importing a name that this Node doesn't have is a syntax error.
const node = nodeModule as SynchronousHooks;
if (node.registerHooks !== undefined) {
  node.registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith("scope:")
        ? resolvePrompt(channel, specifier, context.parentURL)
        : next(specifier, context),
  });
} else {
  nodeModule.register(new URL("./register-hooks.js", import.meta.url), { data: channel });
  hookRequire(channel);
}

/** The hooks of these versions don't see `require`. Only its own resolution does. */
function hookRequire(channel: string): void {
  const loader = nodeModule as unknown as {
    _resolveFilename(request: string, parent?: { filename?: string }, ...rest: unknown[]): string;
  };
  const original = loader._resolveFilename;
  loader._resolveFilename = function (request, parent, ...rest) {
    return request.startsWith("scope:")
      ? promptFile(channel, request, parent?.filename)
      : original.call(this, request, parent, ...rest);
  };
}
