import { it } from "vitest";
import { compareWithDraft } from "./made-schemas.ts";

it("an answer fits a schema when the draft says so: 5,000 schemas", { timeout: 1_200_000 }, () =>
  compareWithDraft(5000),
);
