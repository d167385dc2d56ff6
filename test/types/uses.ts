/**
 * An application's calls, right ones and wrong ones. Each wrong line carries the mark that makes it an error of its own
 * if the compiler should accept it.
 */
export const USES = `
import greeting, { content, getMetadata, label, metadata, name, promptId, render, type, variables, versionId, versionNumber, type Variables } from "scope:greeting";
import constant from "scope:constant";
import pinned, { label as pinnedLabel } from "scope:greeting?version=version_01";
import chat, { content as messages } from "scope:support/triage";
import odd from "scope:odd%20names";
import list from "scope:list";
import root from "scope:root";
import { metadata as chosen } from "scope:chosen";
import conditions, { getMetadata as readNothing } from "scope:conditions";
import optional from "scope:optional";
import deep from "scope:deep";
import "scope:greeting?label=latest";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Equal<A, B>) => {};

const text: string = greeting({ name: "Ada", tone: "formal", count: 3 });
greeting({ name: 1n, tone: "casual", count: 0 });
const values: Variables = { name: true, tone: "formal", count: 1 };
same<typeof render, typeof greeting>(true);
greeting(values);
// @ts-expect-error a variable is missing
greeting({ name: "Ada", tone: "formal" });
// @ts-expect-error no argument
greeting();
// @ts-expect-error a variable is misspelt
greeting({ nmae: "Ada", tone: "formal", count: 3 });
// @ts-expect-error a variable too many
greeting({ name: "Ada", tone: "formal", count: 3, extra: 1 });
// @ts-expect-error no value at all
greeting({ name: undefined, tone: "formal", count: 3 });
// @ts-expect-error null
greeting({ name: null, tone: "formal", count: 3 });
// @ts-expect-error an object
greeting({ name: {}, tone: "formal", count: 3 });
// @ts-expect-error not one of the texts that the config allows
greeting({ name: "Ada", tone: "rude", count: 3 });
// @ts-expect-error not a number
greeting({ name: "Ada", tone: "formal", count: "3" });

constant();
// @ts-expect-error there are no variables
constant({ name: "Ada" });
pinned({ name: "Ada", tone: "formal", count: 3 });
same<typeof pinnedLabel, undefined>(true);

same<typeof content, string>(true);
same<typeof variables, readonly ["name", "tone", "count"]>(true);
same<typeof name, "greeting">(true);
same<typeof label, "production">(true);
same<typeof type, "text">(true);
const ids: [string, string, number] = [promptId, versionId, versionNumber];

const model: string = metadata.model;
const temperature: number = metadata.temperature;
const nested: readonly string[] = metadata.limits.stop;
same<typeof metadata.examples, readonly { readonly input: string; readonly output: string }[]>(true);
// @ts-expect-error metadata is readonly
metadata.model = "other";
// @ts-expect-error all the way down
metadata.limits.stop.push("x");
// @ts-expect-error no such key
metadata.modle;
const open = metadata.nothing;
if (typeof open === "string") open.toUpperCase();
const mixed: readonly unknown[] = metadata.mixed;
const empty: readonly unknown[] = metadata.empty;
// @ts-expect-error an empty one too
const emptyText: string = metadata.empty[0];
// @ts-expect-error a mixed array holds anything
const mixedText: string = metadata.mixed[0];

same<ReturnType<typeof readModel>, string>(true);
same<typeof chosen.model, "a" | "b\\u2028" | 1 | true>(true);
same<typeof chosen.note, number>(true);
const inKey: number | undefined = chosen["a key"];
// @ts-expect-error nothing of it can be changed
chosen.note = 2;
// @ts-expect-error a key that neither the rule nor the version has
chosen.nothing;
const readModel = () => getMetadata("model");
const readUnknown = () => getMetadata("unknown");
same<ReturnType<typeof readUnknown>, undefined>(true);
const readDefault = () => getMetadata("unknown", 3);
same<ReturnType<typeof readDefault>, number>(true);
const readText = () => getMetadata("unknown", "x");
same<ReturnType<typeof readText>, string>(true);
const readList = () => getMetadata("unknown", ["a"]);
same<ReturnType<typeof readList>, string[]>(true);
// @ts-expect-error there is none, whatever is asked for
const wished: string = getMetadata("unknown");
// @ts-expect-error nor another than the fallback
const wishedNumber: number = getMetadata("unknown", "x");
const anyKey: string = "model";
getMetadata(anyKey, null);
// @ts-expect-error it may be a key that is there
const surelyAbsent: undefined = getMetadata(anyKey);
const perhaps = getMetadata(anyKey);
if (typeof perhaps === "string") perhaps.toUpperCase();
const patternKey = \`mo\${anyKey}\` as const;
// @ts-expect-error so may this
const alsoAbsent: undefined = getMetadata(patternKey as \`mo\${string}\`);
const readEither = () => getMetadata("model" as "model" | "unknown");
same<ReturnType<typeof readEither>, string | undefined>(true);
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
const readAny = () => getMetadata(anyKey, 1n);
same<ReturnType<typeof readAny>, Json | bigint>(true);
const readPattern = () => getMetadata("model" as "model" | \`x\${string}\`, 1n);
same<ReturnType<typeof readPattern>, Json | bigint>(true);
const readEitherOr = () => getMetadata("model" as "model" | "unknown", 1n);
same<ReturnType<typeof readEitherOr>, string | bigint>(true);
const readFlag = () => getMetadata("unknown", false);
same<ReturnType<typeof readFlag>, boolean>(true);
const readTuple = () => getMetadata("unknown", [1, "x"] as const);
same<ReturnType<typeof readTuple>, readonly [1, "x"]>(true);
const explicit: string | bigint = getMetadata<bigint>("unknown", 1n) as bigint;
const readOfNone = () => readNothing("unknown");
same<ReturnType<typeof readOfNone>, undefined>(true);

const rendered = chat({ question: "why?" });
same<typeof rendered, [{ role: "system"; content: string }, { role: "user"; content: string }]>(true);
const role: string = messages[0].role;
rendered.push({ role: "user", content: "more" });
// @ts-expect-error the template cannot be changed
messages.push({ role: "user", content: "more" });
// @ts-expect-error there are two messages
messages[2];

odd({ "1st": 1, 名前: 2, class: 3, constructor: "4", ["__proto__"]: 5 });
// @ts-expect-error 名前 is missing
odd({ "1st": 1, class: 3, constructor: "4", ["__proto__"]: 5 });

list({ title: "x", items: [{ label: "a", tags: ["x", 1] }], empty: undefined });
list({ title: "x", items: { label: "a", tags: [] }, empty: "none" });
list({ title: "x", items: false, empty: undefined });
// @ts-expect-error an item without its label
list({ title: "x", items: [{ tags: [] }] });
// @ts-expect-error a label that isn't a value
list({ title: "x", items: [{ label: {}, tags: [] }] });
// @ts-expect-error items are asked for
list({ title: "x" });
root([{ x: 1 }]);
// @ts-expect-error no list of x
root([{ y: 1 }]);

interface Customer {
  readonly plan: string;
}
const customer: Customer = { plan: "x" };
declare const maybe: { readonly name: string; readonly mail: string } | undefined;
class Order {
  readonly id = 1;
}
for (const vip of [undefined, null, false, 0, "yes", {}, customer, [customer], new Order(), new Date()])
  conditions({ vip, user: maybe, items: maybe && [{ a: 1 }] });
conditions({ vip: true, user: { name: "x", mail: "y" }, items: undefined });
conditions({ vip: true, user: null, items: false });
conditions({ vip: { since: 2020 }, user: null, items: false });
conditions({ vip: [{ since: 2020, of: { name: "x" } }], user: null, items: false });
declare const when: Date | undefined;
conditions({ vip: { when, ["a b"]: () => 1 }, user: null, items: false });
// @ts-expect-error a promise's look-alike
conditions({ vip: { then: "later" }, user: null, items: false });
// @ts-expect-error a function counts as nothing
conditions({ vip: () => true, user: null, items: false });
// @ts-expect-error a promise is always there
conditions({ vip: Promise.resolve(false), user: null, items: false });
// @ts-expect-error an user without a mail
conditions({ vip: true, user: { name: "x" }, items: false });
// @ts-expect-error vip is asked for all the same
conditions({ user: null, items: false });
optional({ x: undefined });
// @ts-expect-error a name that an inverted section asks about is asked for all the same
optional({});
// @ts-expect-error so is the argument
optional();
// @ts-expect-error no such variable
optional({ y: 1 });
deep({ s0: { s1: [] } });
// @ts-expect-error no list of s2
deep({ s0: { s1: [{ x: 1 }] } });

// @ts-expect-error a prompt that nobody declared
import unknown from "scope:unknown";
// @ts-expect-error also without a binding
import "scope:unknown?label=latest";

export { text, ids, model, temperature, nested, mixed, mixedText, empty, emptyText, role, unknown };
`;
