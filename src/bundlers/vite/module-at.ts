import type { EnvironmentModuleNode, ViteDevServer } from "vite";

/** The module at a URL as pages have it. Looked up, not resolved: it can only be one that a page has loaded. */
export function moduleAt(server: ViteDevServer, url: unknown): EnvironmentModuleNode | undefined {
  if (typeof url !== "string") return undefined;
  const { base } = server.config;
  const { urlToModuleMap } = server.environments.client.moduleGraph;
  try {
    return urlToModuleMap.get(decodeURI(url.startsWith(base) ? `/${url.slice(base.length)}` : url));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
