import draft from "scope:draft";
import greeting, { metadata, versionNumber } from "scope:greeting-template";
import triage from "scope:support/triage";

console.log(`greeting-template, version ${versionNumber}, for the model ${metadata.model}:\n`);
console.log(greeting({ name: "Ada", product: "Looms" }));

console.log("\nThe draft that is being worked on (label latest):\n");
console.log(draft({ name: "Ada", product: "Looms", tone: "dry" }));

console.log("\nsupport/triage, a chat prompt. The customer's text looks like a variable and stays text:\n");
for (const { role, content } of triage({
  product: "Looms",
  plan: "free",
  ticket: "My {{product}} is on fire",
})) {
  console.log(`${role.padEnd(9)} ${content.replaceAll("\n", "\n          ")}`);
}
