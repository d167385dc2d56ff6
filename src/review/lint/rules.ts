import type { Rule } from "./rule.ts";
import { cacheOrder } from "./rules/cache-order.ts";
import { constantVariable } from "./rules/constant-variable.ts";
import { draftPin } from "./rules/draft-pin.ts";
import { invisibleCharacter } from "./rules/invisible-character.ts";
import { jsonWithoutSchema } from "./rules/json-without-schema.ts";
import { noModel } from "./rules/no-model.ts";
import { oldPin } from "./rules/old-pin.ts";
import { placeholder } from "./rules/placeholder.ts";
import { repeatedPassage } from "./rules/repeated-passage.ts";
import { schemaUnmentioned } from "./rules/schema-unmentioned.ts";
import { secret } from "./rules/secret.ts";
import { systemVariable } from "./rules/system-variable.ts";
import { unusedVariable } from "./rules/unused-variable.ts";

/** Every rule, in the order of `docs/lint.md`, which has a section for each: what is dangerous first. */
export const RULES: readonly Rule[] = [
  secret,
  invisibleCharacter,
  systemVariable,
  cacheOrder,
  constantVariable,
  unusedVariable,
  placeholder,
  repeatedPassage,
  draftPin,
  oldPin,
  noModel,
  jsonWithoutSchema,
  schemaUnmentioned,
];
