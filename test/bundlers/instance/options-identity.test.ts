import { expect, it } from "vitest";
import { identityOf } from "../../../src/bundlers/instance/options-identity.ts";

const values = { orgId: "o", apiKey: "k", apiSecret: "hush" };
const give = () => values;
const provider = { orgId: "o", getToken: () => "hush" };

it("compares values by content, and a function or getToken() by identity", () => {
  const options = [
    {},
    { credentials: values },
    { credentials: { ...values, apiSecret: "hush-2" } },
    { credentials: give },
    { credentials: () => values },
    { credentials: provider },
    { credentials: { ...provider } },
  ];
  const identities = options.map(identityOf);
  expect(new Set(identities).size).toBe(options.length);
  expect(options.map(identityOf)).toEqual(identities);
  expect(identities.join()).not.toContain("hush");
});
