/**
 * Runs emitted modules where they can reach nothing: a context without globals of the host, with every intrinsic
 * frozen and no code from strings, in a process that may read this one file, write none and start nothing. One line of
 * JSON in, one out: { code, helper, values } gives { content, rendered } or { error }, and what else the code did.
 */
import { createInterface } from "node:readline";
import vm from "node:vm";

let calls = 0;
const sandbox = Object.assign(Object.create(null), {
  console: Object.freeze({ warn: Object.freeze(() => {}) }),
  pwned: () => {
    calls += 1;
  },
});
const context = vm.createContext(sandbox, { codeGeneration: { strings: false, wasm: false } });

vm.runInContext(
  `
  const seen = new Set();
  const freezeAll = (value) => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) {
      const { value: inner, get, set } = Reflect.getOwnPropertyDescriptor(value, key);
      [inner, get, set].forEach(freezeAll);
    }
    freezeAll(Reflect.getPrototypeOf(value));
    if (value !== globalThis) Object.freeze(value);
  };
  freezeAll(globalThis);
  [function* () {}, async () => {}, async function* () {}, [][Symbol.iterator](), /./].forEach(freezeAll);
  `,
  context,
);
// Node itself adds symbols.
const globals = () => Object.getOwnPropertyNames(sandbox).sort().join();
const before = globals();

const helpers = new Map();
async function load(code, link) {
  const module = new vm.SourceTextModule(code, { context });
  await module.link(link);
  await module.evaluate();
  return module;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { code, helper, values } = JSON.parse(line);
  const result = {};
  try {
    if (!helpers.has(helper))
      helpers.set(helper, await load(helper, () => Promise.reject(new Error("The helper imports."))));
    const { namespace } = await load(code, (specifier) => {
      if (specifier !== "./helper.js") throw new Error(`The module imports ${specifier}.`);
      return helpers.get(helper);
    });
    const given = vm.runInContext(`(${JSON.stringify(JSON.stringify(values))})`, context);
    const parse = vm.runInContext("JSON.parse", context);
    result.content = namespace.content;
    result.metadata = namespace.metadata;
    try {
      result.rendered = namespace.render(parse(given));
    } catch (error) {
      result.thrown = error.code ?? String(error.stack);
    }
  } catch (error) {
    result.error = String(error.stack);
  }
  const isTouched = calls > 0 || globals() !== before;
  process.stdout.write(`${JSON.stringify({ ...result, isTouched })}\n`);
}
