import { spawn } from "node:child_process";
import { once } from "node:events";
import xterm from "@xterm/headless";

/** For all that a picture shows: what scrolls away isn't in it. */
const ROWS = 60;
const DEFAULT_COLOR = "text";
const COLORS = ["grey", "red", "green", "yellow", "blue", "magenta", "cyan", "text", "grey"];

/**
 * What a program shows in a real terminal of so many columns: its lines, each as parts of one colour.
 *
 * @returns lines of `{ text, color, isBold }`
 */
export async function screenOf(words, { cwd, env, columns }) {
  const command = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const line = `stty cols ${columns} rows ${ROWS}; exec ${command}`;
  // The flags of macOS are others.
  const flags =
    process.platform === "darwin" ? ["-q", "/dev/null", "sh", "-c", line] : ["-qefc", line, "/dev/null"];
  const { PATH, HOME } = process.env;
  const child = spawn("script", flags, {
    cwd,
    env: { PATH, HOME, TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
  });
  const terminal = new xterm.Terminal({ cols: columns, rows: ROWS, allowProposedApi: true });
  child.stdout.on("data", (chunk) => terminal.write(chunk));
  await once(child, "close");
  await new Promise((done) => terminal.write("", done));
  const lines = Array.from({ length: ROWS }, (_, row) => partsOf(terminal.buffer.active.getLine(row)));
  while (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}

function partsOf(line) {
  const parts = [];
  for (let column = 0; column < line.translateToString(true).length; column += 1) {
    const cell = line.getCell(column);
    const color = cell.isFgPalette() ? (COLORS[cell.getFgColor()] ?? DEFAULT_COLOR) : DEFAULT_COLOR;
    const isBold = cell.isBold() !== 0;
    const last = parts.at(-1);
    const text = cell.getChars() || " ";
    if (last?.color === color && last.isBold === isBold) last.text += text;
    else parts.push({ text, color, isBold });
  }
  return parts;
}
