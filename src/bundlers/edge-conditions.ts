/** Export conditions that mark an edge runtime's bundle, which otherwise looks like a browser's. */
const EDGE_CONDITIONS: readonly string[] = ["worker", "workerd", "edge-light", "deno", "bun"];

/** Do a bundler's resolve conditions say that the bundle is for an edge runtime? */
export function isEdge(conditions: readonly string[] | undefined): boolean {
  return conditions?.some((condition) => EDGE_CONDITIONS.includes(condition)) === true;
}
