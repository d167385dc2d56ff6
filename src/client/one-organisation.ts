import { ConfigurationError } from "../errors/classes.ts";
import type { CredentialsFunction } from "./connection/credentials-source.ts";

/**
 * The same function, limited to one organisation: that of `give.orgId`, otherwise the first that it returns. A client's
 * cache belongs to one organisation.
 *
 * @returns throws ConfigurationError if another one is returned
 */
export function ofOneOrganisation(give: CredentialsFunction): CredentialsFunction {
  let { orgId } = give;
  return async () => {
    const given = await give();
    const { orgId: own } = Object(given);
    orgId ||= own;
    if (!own || own === orgId) return given;
    throw new ConfigurationError(
      `credentials() returned the organisation ${own}, and this client works for ${orgId}.`,
      { code: "config_invalid", hint: "Make a client for each organisation, and check SCOPE_ORG_ID." },
    );
  };
}
