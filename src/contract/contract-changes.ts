import type { Change, ChangeKind, Contract } from "./contract.ts";
import { kindText, type Shape } from "./metadata-shape.ts";
import { quoted } from "./quoted.ts";

/** What breaks if the ID of the prompt is another one, whatever the two contain. */
export const ANOTHER_PROMPT = "another prompt has this name now";

/**
 * Every difference between two contracts, in a fixed order.
 *
 * @param compareVariables how to compare the variables: the live client, whose size counts, only knows names
 */
export function contractChanges<C extends Pick<Contract, "type" | "roles" | "metadata">>(
  from: C,
  to: C,
  compareVariables: (from: C, to: C) => readonly Change[],
): readonly Change[] {
  const changes: Change[] = [];
  const [before, after] = [rolesText(from.roles), rolesText(to.roles)];
  const add = (kind: ChangeKind, message: string) => changes.push({ kind, breaks: true, message });
  if (from.type !== to.type) add("type", `type changed from ${from.type} to ${to.type}`);
  else if (before !== after) add("roles", `roles changed from ${before} to ${after}`);
  for (const change of compareVariables(from, to)) changes.push(change);
  compareShapes(from.metadata, to.metadata, "", changes);
  return changes;
}

function compareShapes(from: Shape, to: Shape, path: string, changes: Change[]): void {
  const [before, after] = [kindText(from), kindText(to)];
  if (before !== after) {
    const message = `metadata ${quoted(path)} changed from ${before} to ${after}`;
    changes.push({ kind: "metadata-kind", breaks: true, message });
  } else if (from.kind === "array") {
    compareShapes(from.items, (to as typeof from).items, `${path}[]`, changes);
  } else if (from.kind === "object") {
    const now = new Map((to as typeof from).keys);
    const inside = (key: string) => (path ? `${path}.${key}` : key);
    for (const [key, shape] of from.keys) {
      const other = now.get(key);
      if (other) compareShapes(shape, other, inside(key), changes);
      else {
        const message = `metadata ${quoted(inside(key))} is gone`;
        changes.push({ kind: "metadata-dropped", breaks: true, message });
      }
      now.delete(key);
    }
    for (const key of now.keys()) {
      const message = `new metadata ${quoted(inside(key))}`;
      changes.push({ kind: "metadata-added", breaks: false, message });
    }
  }
}

function rolesText(roles: Contract["roles"]): string {
  return `[${roles?.map((role) => (/^[\w-]+$/.test(role) ? role : quoted(role))).join(", ")}]`;
}
