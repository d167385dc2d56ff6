import { expect, it } from "vitest";
import { CONNECTION_OPTIONS } from "../../../src/client/connection/connection.ts";
import { liveMaxBodyBytes } from "../../../src/run/modules/write-module.ts";

it.each([
  [CONNECTION_OPTIONS.maxBodyBytes.default, 1_048_576],
  [5_000_000, 5_000_000],
  [500, 500],
])("a live prompt reads 1 MB unless the config says otherwise: %i is %i", (given, expected) => {
  expect(liveMaxBodyBytes(given)).toBe(expected);
});
