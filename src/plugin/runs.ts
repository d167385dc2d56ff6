/**
 * Which compilers share one run. Two environments of a Vite build, the compilers of a webpack multi-config and
 * the three of Next belong to one command and must get one answer per prompt, although each may hold its own
 * plugin instance and may start after another has ended. Two builds one after the other in one process do not.
 *
 * The rule: a consumer (one compiler of one plugin instance) joins the present run when somebody is still in
 * it, or, in a build, when its plugin was made before the run was last left; and never a run it has already been
 * through. A development run ends with its last consumer: a restarted server makes its plugin before the old one closes.
 */
export interface Consumer {
  /** One per plugin instance and compiler. */
  readonly id: string;
  /** When its plugin was made, by {@link nextTick}. */
  readonly madeAt: number;
  /** May it join a run that everybody has left? */
  readonly mayJoinEnded: boolean;
}

interface Run<T> {
  readonly shared: Promise<T>;
  readonly active: Set<string>;
  readonly done: Set<string>;
  leftAt: number;
}

let tick = 0;

/** Counts up through the process: which of two things came first. */
export function nextTick(): number {
  tick += 1;
  return tick;
}

/** The runs of a process, by project. */
export class Runs<T> {
  readonly #runs = new Map<string, Run<T>>();

  /** The run of this project that the consumer belongs to; made by `create` when there is none. */
  join(project: string, consumer: Consumer, create: () => Promise<T>): Promise<T> {
    let run = this.#runs.get(project);
    if (run === undefined || !belongs(run, consumer)) {
      const begun: Run<T> = { shared: create(), active: new Set(), done: new Set(), leftAt: 0 };
      this.#runs.set(project, begun);
      // What could not be opened is tried again by the next who asks: the fault may be mended by then.
      begun.shared.catch(() => {
        if (this.#runs.get(project) === begun) this.#runs.delete(project);
      });
      run = begun;
    }
    run.active.add(consumer.id);
    return run.shared;
  }

  /** Ends the consumer's part. Gives the run when nobody is in it any more. */
  leave(project: string, consumer: Consumer): Promise<T> | undefined {
    const run = this.#runs.get(project);
    if (run === undefined || !run.active.delete(consumer.id)) return undefined;
    run.done.add(consumer.id);
    run.leftAt = nextTick();
    return run.active.size === 0 ? run.shared : undefined;
  }
}

function belongs(run: Run<unknown>, consumer: Consumer): boolean {
  if (run.active.has(consumer.id)) return true;
  if (run.done.has(consumer.id)) return false;
  return run.active.size > 0 || (consumer.mayJoinEnded && consumer.madeAt < run.leftAt);
}
