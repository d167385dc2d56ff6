/** Files of undici that its types do not name. */
declare module "undici/lib/dispatcher/pool.js" {
  import type { Pool } from "undici";

  const pool: typeof Pool;
  export default pool;
}

declare module "undici/index.js" {
  export { EnvHttpProxyAgent } from "undici";
}
