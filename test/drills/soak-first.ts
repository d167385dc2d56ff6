import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Starts the soak before all other files. It waits for most of its 20 minutes, in which the other files have the second
 * worker; begun last, its minutes would come on top of theirs.
 */
export default class SoakFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isSoak), ...sorted.filter((file) => !isSoak(file))];
  }
}

function isSoak({ moduleId }: TestSpecification): boolean {
  return moduleId.endsWith("/soak.slow.test.ts");
}
