// The socket that answers Next's loaders takes whatever is written to it.
import { connect } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { promptServerPath } from "../../../src/bundlers/next/prompt-build.ts";
import { temporaryFolder, writeTree } from "../../support/app.ts";

async function ask(path: string, text: string): Promise<string> {
  return new Promise((done, fail) => {
    let answer = "";
    const socket = connect(path, () => socket.end(text));
    socket.on("data", (data) => {
      answer += data;
    });
    socket.on("close", () => done(answer));
    socket.on("error", fail);
  });
}

it("survives half a request, an empty one and nonsense", async () => {
  const dir = await temporaryFolder();
  await writeTree(dir, {
    ".scope/build/helper.js": "export {};\n",
    "secret.txt": "hush",
    "other/.scope/x.js": "hush",
  });
  const path = promptServerPath(dir, ".next", {});
  const nonsense = ['{"specifier": "sco', "", "null", "5", "{}", '{"sharedFile": 5}', "[".repeat(100_000)];
  for (const text of nonsense) {
    const answer = await ask(path, text);
    expect(answer, text.slice(0, 20)).not.toContain('"code"');
  }
  const shared = (sharedFile: string) => ask(path, JSON.stringify({ sharedFile }));
  expect(JSON.parse(await shared("../build/helper.js"))).toMatchObject({ code: "export {};\n" });
  const outside = ["../../secret.txt", "../../other/.scope/x.js", "../build/../../secret.txt"];
  for (const file of [...outside, join(dir, "secret.txt")]) {
    const answer = await shared(file);
    expect(answer, file).not.toContain("hush");
    expect(JSON.parse(answer), file).toMatchObject({
      error: expect.stringContaining("Not a request of our loader"),
    });
  }
}, 30_000);
