import { readOutput } from "../../contract/output/read-output.ts";
import { ResourceError } from "../../errors/classes.ts";
import type { PromptSource } from "../prompt-source.ts";
import type { CompiledOutput, FoundSchema } from "./compile-output.ts";
import { type Pattern, type ReadSchema, readSchema } from "./read-schema.ts";
import { schemaPlace } from "./schema-place.ts";
import { SchemaProblem } from "./schema-problem.ts";
import { checkKeywords, validatorCode } from "./validator-code.ts";

/** The schema of a version on its way to a validator: its patterns are checked in between, by a library of some size. */
export class SchemaCompiler {
  readonly #source: Pick<PromptSource, "ref" | "version">;
  readonly #found: FoundSchema;
  readonly #read: ReadSchema;

  /** @throws ResourceError `output_schema_invalid` with place and code frame, as all of its methods do */
  constructor(source: Pick<PromptSource, "ref" | "version">, found: FoundSchema) {
    this.#source = source;
    this.#found = found;
    this.#read = this.#placing(() => {
      const read = readSchema(found.schema);
      checkKeywords(found.schema);
      return read;
    });
  }

  get hasPatterns(): boolean {
    return this.#read.patterns.length > 0;
  }

  checkPatterns(check: (patterns: readonly Pattern[]) => void): void {
    this.#placing(() => check(this.#read.patterns));
  }

  compile(): CompiledOutput {
    const { key, schema } = this.#found;
    return this.#placing(() => ({
      key,
      schema,
      type: readOutput(schema),
      validator: validatorCode(this.#read),
    }));
  }

  #placing<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof SchemaProblem)) throw error;
      const { key, schema } = this.#found;
      throw new ResourceError(
        `The schema in the metadata under ${JSON.stringify(key)} cannot be used: ${error.message}.`,
        {
          code: "output_schema_invalid",
          where: schemaPlace(this.#source, schema, error.path),
          hint: error.hint ?? "Mend it and save a new version. Draft 2020-12 of JSON Schema is supported.",
        },
      );
    }
  }
}
