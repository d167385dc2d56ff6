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
import type { Follower, Framework } from "./vite.ts";

/**
 * A Vue component. `getCurrentInstance` is exported for libraries, but its result isn't documented
 * (https://github.com/vuejs/docs/issues/1609), and what setup returned is only on it for the devtools. A public API can
 * replace them once there is one: https://github.com/vuejs/core/pull/5383
 */
type Instance = Pick<ComponentInternalInstance, "proxy"> & {
  /** What setup returned; missing while setup runs. */
  readonly devtoolsRawSetupState?: Record<string, unknown>;
};

interface Taken {
  readonly instance: Instance;
  readonly values: unknown;
  result: unknown;
  /** The original result: code may add to the messages of a chat. */
  json: string;
}

/**
 * Vue: what renders or computes reads a ref. A value that setup read once is set again where setup returned it, unless
 * somebody changed it; elsewhere it stays: another setup would throw away what was typed into the component.
 */
export const vue: Framework = { follow };

function follow(): Follower {
  const version = shallowRef();
  const taken = new Set<Taken>();
  return {
    called(result, values) {
      void version.value;
      const instance = getCurrentInstance() as Instance | null;
      // Nothing tells empty values apart, and only while setup runs is there a scope before its result.
      if (!result || !instance || instance.devtoolsRawSetupState || !getCurrentScope()) return;
      const one = { instance, values, result, json: JSON.stringify(result) };
      taken.add(one);
      onScopeDispose(() => taken.delete(one));
    },
    changed(render) {
      // First, so that whatever computes the result has a new one and isn't set.
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
