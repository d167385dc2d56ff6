import type { Rule } from "./rule.ts";
import { cacheOrder } from "./rules/cache-order.ts";
import { invisibleCharacter } from "./rules/invisible-character.ts";
import { joinedPartial } from "./rules/joined-partial.ts";
import { oldPin } from "./rules/old-pin.ts";
import { repeatedPassage } from "./rules/repeated-passage.ts";
import { secret } from "./rules/secret.ts";
import { systemVariable } from "./rules/system-variable.ts";
import { unusedVariable } from "./rules/unused-variable.ts";

/** Every rule, in the order of `docs/lint.md`, which has a section for each: what is dangerous first. */
export const RULES: readonly Rule[] = [
  secret,
  invisibleCharacter,
  systemVariable,
  cacheOrder,
  unusedVariable,
  joinedPartial,
  repeatedPassage,
  oldPin,
];
