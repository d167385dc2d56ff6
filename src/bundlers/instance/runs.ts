/**
 * Decides which compilers share one run. Two environments of a Vite build, the compilers of a webpack multi-config and
 * the three of Next belong to one command and must get one version per prompt, although each can have its own plugin
 * instance and can start after another has ended. Two consecutive builds in one process don't share a run.
 *
 * The rule: a consumer (one compiler of one plugin instance) joins the current run if somebody is still in it or, in a
 * build, if its plugin was made before the run was last left. It never joins a run that it has already been through. In
 * development it joins only if its plugin existed when the run started: a server that restarts makes the new server's
 * plugin, and in middleware mode starts it, before the old one closes. The config can have changed by then.
 */
export interface Consumer {
  /** One per plugin instance and compiler. */
  readonly id: string;
  /** When its plugin was made, by {@link nextTick}. */
  readonly madeAt: number;
  /** A build: can join a run that everybody has left, or one that started before its plugin was made. */
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

/** A counter for the whole process: says which of two things came first. */
export function nextTick(): number {
  tick += 1;
  return tick;
}

/** The runs of a process, by project. */
export class Runs<T> {
  /** Consumers can still join the last run of each project. Earlier runs end when everybody has left. */
  readonly #runs = new Map<string, readonly Run<T>[]>();

  /** The run of this project that the consumer belongs to. `create` makes it if there is none. */
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
      // The next consumer tries again to open what failed: the problem may be fixed by then.
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

  /** Ends the consumer's part. Returns the run if nobody is left in it. */
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
