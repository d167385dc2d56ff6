import { expect, it } from "vitest";
import { type DrillSize, recordDrill } from "./report.ts";
import { LIVES, searchForSecrets } from "./secrets.ts";

export function drillSecrets(size: DrillSize): void {
  it("no output, file or heap holds twelve characters of a secret or a token", {
    timeout: 1_200_000,
  }, async () => {
    const { runs, files, tokens, found, foundInUse } = await searchForSecrets(LIVES[size]);
    expect(found).toEqual([]);
    expect(tokens).toBeGreaterThan(1);
    expect(foundInUse).toBe(true);
    recordDrill(
      "secrets",
      `${runs} runs of commands, builds, servers and clients, ${LIVES[size].echoes.length} kinds of answers that send back what they were sent: no 12 characters of the key, the secret or ${tokens} tokens in ${files} outputs, files, source maps and caches, in the heap of a process whose client is closed, or in that of a bundle without live prompts (plain, JSON, URL, base64, hex)`,
    );
  });
}
