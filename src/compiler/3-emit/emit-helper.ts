import helperTemplate from "../../../templates/helper.mustache?raw";
import outputTemplate from "../../../templates/output.mustache?raw";
import { fillTemplate } from "./fill-template.ts";

/** What the emitted modules share. */
export interface HelperOptions {
  /** Includes what only development modules need: warnings about unknown variables, frozen metadata. */
  readonly development: boolean;
}

/** The code of the helper module, which emitted modules import. It imports nothing. */
export function emitHelper({ development }: HelperOptions): string {
  return fillTemplate(helperTemplate, { development });
}

/** The code of the output helper module, which modules of prompts with a schema import. It imports nothing. */
export function emitOutputHelper(): string {
  return outputTemplate;
}
