import { expect, it } from "vitest";
import { joinChunks } from "../../../src/client/http/transport.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

it("one chunk is what it is, and is not copied", () => {
  const chunk = bytes(1, 2);
  expect(joinChunks([chunk], 2)).toBe(chunk);
});

it("many are one after the other, and none is nothing", () => {
  expect(joinChunks([bytes(1, 2), bytes(), bytes(3)], 3)).toEqual(bytes(1, 2, 3));
  expect(joinChunks([], 0)).toEqual(bytes());
});
