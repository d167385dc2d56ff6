/**
 * Which compilers share one run. Two environments of a Vite build, the compilers of a webpack multi-config and
 * the three of Next belong to one command and must get one version per prompt, although each may hold its own
 * plugin instance and may start after another has ended. Two builds one after the other in one process do not.
 *
 * The rule: a consumer (one compiler of one plugin instance) joins the present run when somebody is still in
 * it, or, in a build, when its plugin was made before the run was last left; and never a run it has already been
 * through. In development only those join whose plugin was there when the run began: a server that restarts makes the
 * new one's plugin, and in middleware mode starts it, before the old one closes. It may have another config by then.
 */
export interface Consumer {
  /** One per plugin instance and compiler. */
  readonly id: string;
  /** When its plugin was made, by {@link nextTick}. */
  readonly madeAt: number;
  /** A build: may join a run that everybody has left, and one that began before its plugin was made. */
  readonly isBuild: boolean;
}

interface Run<T> {
  readonly shared: Promise<T>;
  readonly begunAt: number;
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
  /** The last one of each may still be joined; the others end when everybody has left. */
  readonly #runs = new Map<string, readonly Run<T>[]>();

  /** The run of this project that the consumer belongs to; made by `create` when there is none. */
  join(project: string, consumer: Consumer, create: () => Promise<T>): Promise<T> {
    const runs = this.#runs.get(project) ?? [];
    let run = runs.find(({ active }) => active.has(consumer.id)) ?? runs.at(-1);
    if (run === undefined || !belongs(run, consumer)) {
      const begun: Run<T> = {
        shared: create(),
        begunAt: nextTick(),
        active: new Set(),
        done: new Set(),
        leftAt: 0,
      };
      this.#runs.set(project, [...runs.filter(({ active }) => active.size > 0), begun]);
      // What could not be opened is tried again by the next who asks: the problem may be mended by then.
      begun.shared.catch(() => this.#drop(project, begun));
      run = begun;
    }
    run.active.add(consumer.id);
    return run.shared;
  }

  /** The run that the consumer is in. */
  current(project: string, { id }: Consumer): Promise<T> | undefined {
    return this.#runs.get(project)?.find(({ active }) => active.has(id))?.shared;
  }

  /** Ends the consumer's part. Gives the run when nobody is in it any more. */
  leave(project: string, { id }: Consumer): Promise<T> | undefined {
    const runs = this.#runs.get(project) ?? [];
    const run = runs.find(({ active }) => active.has(id));
    if (run === undefined) return undefined;
    run.active.delete(id);
    run.done.add(id);
    run.leftAt = nextTick();
    if (run.active.size > 0) return undefined;
    if (run !== runs.at(-1)) this.#drop(project, run);
    return run.shared;
  }

  #drop(project: string, run: Run<T>): void {
    const others = this.#runs.get(project)?.filter((other) => other !== run);
    if (others !== undefined) this.#runs.set(project, others);
  }
}

function belongs(run: Run<unknown>, { id, madeAt, isBuild }: Consumer): boolean {
  if (run.active.has(id)) return true;
  if (run.done.has(id)) return false;
  if (isBuild) return run.active.size > 0 || madeAt < run.leftAt;
  return run.active.size > 0 && madeAt < run.begunAt;
}
