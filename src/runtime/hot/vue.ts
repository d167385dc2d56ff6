import {
  type ComponentInternalInstance,
  getCurrentInstance,
  getCurrentScope,
  isReadonly,
  isRef,
  onScopeDispose,
  shallowRef,
  toRaw,
  triggerRef,
} from "vue";
import type { Follower, Framework } from "./replace.ts";

/**
 * A component of Vue. `getCurrentInstance` is exported for libraries, but what it gives is not documented
 * (https://github.com/vuejs/docs/issues/1609), and what setup returned is on it for the devtools alone. A public way to
 * it can take their place once there is one: https://github.com/vuejs/core/pull/5383
 */
type Instance = Pick<ComponentInternalInstance, "proxy"> & {
  /** What setup returned; not there while setup runs. */
  readonly devtoolsRawSetupState?: Record<string, unknown>;
};

/** What a component took while its setup ran. */
interface Taken {
  readonly instance: Instance;
  readonly values: unknown;
  result: unknown;
  /** The result as it was: the messages of a chat may be added to. */
  json: string;
}

/**
 * Vue: what renders or computes reads a ref. What setup took for good is looked for among the values that setup
 * returned and set anew, as long as nobody changed it. What is not found there (it was made a part of something else,
 * or somebody edited it) stays: to set the component up anew would throw away what was typed into it.
 */
export const vue: Framework = { follow, owns: (id) => /\.vue(?:\?|$)/.test(id) };

function follow(): Follower {
  const version = shallowRef();
  const taken = new Set<Taken>();
  return {
    called(result, values) {
      void version.value;
      const instance = getCurrentInstance() as Instance | null;
      // Nothing distinguishes one empty value from another, and only while setup runs is there a scope before its result.
      if (!result || !instance || instance.devtoolsRawSetupState || !getCurrentScope()) return;
      const one = { instance, values, result, json: JSON.stringify(result) };
      taken.add(one);
      onScopeDispose(() => taken.delete(one));
    },
    changed(render) {
      // First, so that what computes the result holds a new one and is not set.
      triggerRef(version);
      for (const one of taken) setAgain(one, render);
    },
  };
}

function setAgain(one: Taken, render: (values: unknown) => unknown): void {
  const { instance, result, values, json } = one;
  const state = instance.devtoolsRawSetupState ?? {};
  const names = Object.keys(state).filter((name) => holds(state[name], result));
  if (names.length === 0 || JSON.stringify(result) !== json) return;
  one.result = render(values);
  one.json = JSON.stringify(one.result);
  for (const name of names) {
    const value = state[name];
    if (isRef(value)) value.value = one.result;
    else state[name] = one.result;
  }
  instance.proxy?.$forceUpdate();
}

function holds(value: unknown, result: unknown): boolean {
  return isRef(value) ? !isReadonly(value) && toRaw(value.value) === result : value === result;
}
