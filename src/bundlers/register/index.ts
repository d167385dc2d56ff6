/**
 * `node --import unplugin-scope/register app.js`: `scope:` imports without a bundler. Importing this file is using it.
 *
 * @throws an Error for a person, when the config cannot be used
 */
import nodeModule, { type ResolveHookContext } from "node:module";
import { promptFile, resolvePrompt } from "./resolve-prompt.ts";
import { channelOfBuild } from "./start-worker.ts";

/** The part of Node's synchronous hooks that is used; from 22.15 on. */
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

/** `scope:` imports work in this thread. */
export const isRegistered = true;

// Asked for at run time: an import of a name that this Node does not have is a syntax error.
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

/** The hooks of these versions do not see `require`; its own resolution is the one place that does. */
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
