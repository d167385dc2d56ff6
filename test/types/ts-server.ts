import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A place in a file as tsserver counts it: both from 1. */
export interface Place {
  readonly line: number;
  readonly offset: number;
}

interface Answer {
  readonly type: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: unknown;
}

/** TypeScript's language server, as editors start it. */
export class TsServer {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(body: unknown): void; reject(error: Error): void }>();
  #seq = 0;
  #received = "";

  /** @param typescript folder, relative to this repository's node_modules */
  constructor(typescript: string, args: readonly string[] = []) {
    const server = resolve(ROOT, "node_modules", typescript, "lib/tsserver.js");
    this.#child = spawn(process.execPath, [server, "--disableAutomaticTypingAcquisition", ...args], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#receive(text));
    this.#child.on("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("tsserver ended"));
    });
  }

  async open(file: string, fileContent: string): Promise<void> {
    this.#send("open", { file, fileContent });
    await this.#ask("projectInfo", { file, needFileNameList: false });
  }

  /** What a hover shows: the comment's text. */
  async quickInfo(file: string, place: Place): Promise<string> {
    const body = (await this.#ask("quickinfo", { file, ...place })) as { documentation: unknown };
    const { documentation } = body;
    if (typeof documentation === "string") return documentation;
    return (documentation as { text: string }[]).map((part) => part.text).join("");
  }

  /** The type that an editor shows on hover. */
  async shownType(file: string, place: Place): Promise<string> {
    return ((await this.#ask("quickinfo", { file, ...place })) as { displayString: string }).displayString;
  }

  /** Where go-to-definition leads, with the text of the line there. */
  async definition(file: string, place: Place): Promise<readonly { file: string; text: string }[]> {
    const found = (await this.#ask("definition", { file, ...place })) as { file: string; start: Place }[];
    return Promise.all(
      found.map(async (one) => {
        const lines = (await readFile(one.file, "utf8")).split("\n");
        return { file: one.file, text: lines[one.start.line - 1] as string };
      }),
    );
  }

  async completions(file: string, place: Place): Promise<readonly string[]> {
    const body = (await this.#ask("completionInfo", { file, ...place })) as { entries: { name: string }[] };
    return body.entries.map((entry) => entry.name);
  }

  /** What can be imported for what is typed at a place: each name with its module. */
  async imports(file: string, place: Place): Promise<readonly string[]> {
    this.#send("configure", { preferences: { includeCompletionsForModuleExports: true } });
    const body = (await this.#ask("completionInfo", { file, ...place })) as {
      entries: { name: string; source?: string }[];
    };
    return body.entries.flatMap(({ name, source }) => (source === undefined ? [] : `${name} ${source}`));
  }

  close(): void {
    this.#child.kill();
  }

  #send(command: string, args: unknown): number {
    const seq = ++this.#seq;
    this.#child.stdin?.write(`${JSON.stringify({ seq, type: "request", command, arguments: args })}\n`);
    return seq;
  }

  #ask(command: string, args: unknown): Promise<unknown> {
    const seq = this.#send(command, args);
    return new Promise((resolve, reject) => this.#waiting.set(seq, { resolve, reject }));
  }

  #receive(text: string): void {
    this.#received += text;
    const lines = this.#received.split("\n");
    this.#received = lines.pop() as string;
    for (const line of lines) {
      // Headers and blank lines stand between the answers.
      if (!line.startsWith("{")) continue;
      const answer = JSON.parse(line) as Answer;
      const waiting = answer.type === "response" ? this.#waiting.get(answer.request_seq ?? -1) : undefined;
      if (waiting === undefined) continue;
      this.#waiting.delete(answer.request_seq as number);
      if (answer.success === false) waiting.reject(new Error(answer.message));
      else waiting.resolve(answer.body);
    }
  }
}
