import { ConfigurationError } from "../errors/classes.ts";
import type { CredentialsFunction } from "./connection/credentials-source.ts";

/**
 * The same function, for one organisation: that of `give.orgId`, else the first that it returns. What a client has cached
 * is of one organisation.
 *
 * @returns throws ConfigurationError where another one is returned
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
