import { expect, it } from "vitest";
import { computed, createRenderer, defineComponent, h, nextTick, type Ref, ref } from "vue";
import { vue } from "../../../src/runtime/hot/vue.ts";

interface Node {
  text: string;
  parent: Node | null;
  children: Node[];
}

const node = (text = ""): Node => ({ text, parent: null, children: [] });

/** Vue itself, with a renderer whose page is a tree of texts. */
const { createApp } = createRenderer<Node, Node>({
  createElement: () => node(),
  createText: node,
  createComment: () => node(),
  setText(one, text) {
    one.text = text;
  },
  setElementText(one, text) {
    one.children = [node(text)];
  },
  insert(child, parent) {
    child.parent = parent;
    parent.children.push(child);
  },
  remove: (child) => void child.parent?.children.splice(child.parent.children.indexOf(child), 1),
  parentNode: ({ parent }) => parent,
  nextSibling: () => null,
  patchProp: () => {},
});

const textOf = ({ text, children }: Node): string => text + children.map(textOf).join("");

/** A prompt without variables, and a way to make it another. */
function followed(first: unknown) {
  const follower = vue.follow(() => {});
  let present = first;
  return {
    call(values?: unknown) {
      follower.called(present, values);
      return present;
    },
    async change(next: unknown) {
      present = next;
      follower.changed(() => next);
      await nextTick();
    },
  };
}

/** Shows the state of a component whose `setup` returns it, with the component's own part of the page. */
function mount(setup: () => object, render: (state: Record<string, unknown>) => unknown) {
  const root = node();
  const app = createApp(
    defineComponent({ setup, render: (state: Record<string, unknown>) => h("p", String(render(state))) }),
  );
  const state = app.mount(root) as unknown as Record<string, unknown>;
  return { state, text: () => textOf(root), unmount: () => app.unmount() };
}

it("what setup stored is set again as long as nobody changed it", async () => {
  const prompt = followed("v1");
  const page = mount(
    () => ({
      once: prompt.call(),
      fresh: ref(prompt.call()),
      edited: ref(prompt.call()),
      title: `T ${prompt.call()}`,
    }),
    ({ once, fresh, edited, title }) => [once, fresh, edited, title].join(),
  );
  expect(page.text()).toBe("v1,v1,v1,T v1");
  page.state.edited = "mine";
  await prompt.change("v2");
  await prompt.change("v3");
  expect(page.text()).toBe("v3,v3,mine,T v1");
  page.unmount();
});

it("the messages of a chat are set again unless some were added", async () => {
  const chat = (content: string) => [{ role: "system", content }];
  const prompt = followed(chat("v1"));
  const setup = () => ({ messages: ref(prompt.call()) as Ref<{ content: string }[]> });
  const render = ({ messages }: Record<string, unknown>) =>
    (messages as { content: string }[]).map(({ content }) => content).join();
  const page = mount(setup, render);
  await prompt.change(chat("v2"));
  expect(page.text()).toBe("v2");
  (page.state.messages as { content: string }[]).push({ content: "added" });
  await prompt.change(chat("v3"));
  expect(page.text()).toBe("v2,added");
  page.unmount();
});

it("what renders or computes follows, and a writable computed isn't set", async () => {
  const prompt = followed("v1");
  const sets: unknown[] = [];
  const page = mount(
    () => {
      const text = computed({ get: () => prompt.call(), set: (value) => sets.push(value) });
      return { text, taken: text.value, direct: prompt.call() };
    },
    ({ text, direct }) => `${text} ${direct}`,
  );
  await prompt.change("v2");
  expect(page.text()).toBe("v2 v2");
  expect(sets).toEqual([]);
  page.unmount();
});

it("an unmounted component is forgotten", async () => {
  const prompt = followed("v1");
  const held = ref(prompt.call());
  const page = mount(
    () => {
      prompt.call();
      return { held };
    },
    ({ held }) => held,
  );
  page.unmount();
  await prompt.change("v2");
  expect(held.value).toBe("v1");
});
