import billing from "scope:billing_enquiry_handler";
import draft from "scope:draft";
import greeting, { metadata, versionNumber } from "scope:greeting-template";

console.log(`greeting-template, version ${versionNumber}, for the model ${metadata.model}:\n`);
console.log(greeting({ name: "Ada", product: "Looms" }));

console.log("\nThe draft that is being worked on (label latest):\n");
console.log(draft({ name: "Ada", product: "Looms", tone: "dry" }));

console.log(
  "\nbilling_enquiry_handler, a chat prompt. The platform stores the roles SYSTEM and HUMAN, models know these:\n",
);
for (const { role, content } of billing({
  company_name: "Looms",
  invoice_number: 4711,
  question: "Why does {{company_name}} bill me twice?", // a customer's text stays text
})) {
  console.log(`${role.padEnd(9)} ${content.replaceAll("\n", "\n          ")}`);
}
