import { hostname } from "node:os";
import { digestOf } from "./digest.ts";

/** Process IDs only mean something on one machine, and several can share a folder. */
const MACHINE = digestOf(hostname()).slice(0, 8);

/** Marks a file or folder that exists for as long as this process needs it: a part of its name. */
export const OWNER = `${MACHINE}-${process.pid}`;

/** Has the process that made something under this name ended? Undefined if that isn't known. */
export function hasEnded(name: string): boolean | undefined {
  const [, machine, pid] = /-([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]+(?:\.tmp)?$/.exec(name) ?? [];
  if (machine !== MACHINE || pid === undefined) return undefined;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // Another user's process (EPERM) is running.
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
