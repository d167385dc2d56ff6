import type { Diagnostic } from "../../compiler/diagnostic.ts";
import { formatError } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import { ScopeError } from "../../errors/scope-error.ts";
import { refText } from "../../prompt.ts";
import type { ResolvedVersion } from "./version-resolver.ts";

/** A diagnostic as printed: in the shape of an error. */
export function diagnosticText({ message, code, where, hint }: Diagnostic): string {
  return formatError(new ScopeError(message, { code, where, hint }), { addresses: false });
}

/** What a production build says about a version that isn't meant for production. */
export function statusWarnings(
  { ref, version, source, environment }: ResolvedVersion,
  buildEnvironment: string,
): readonly string[] {
  const warnings: string[] = [];
  if (version.status !== "published") {
    warnings.push(
      `${printableLine(refText(ref))}: version ${version.versionNumber} is ${version.status}, not published.`,
    );
  }
  if (source !== "platform" && environment !== buildEnvironment) {
    warnings.push(
      `${printableLine(refText(ref))}: the snapshot is from the environment "${printableLine(environment)}", this build is for "${buildEnvironment}".`,
    );
  }
  return warnings;
}
