import { AnsiUp } from "ansi_up";

const STYLE = `
  body { margin: 0; background: white; }
  pre {
    display: inline-block; box-sizing: border-box; margin: 0; padding: 20px 24px; border-radius: 8px;
    background: #1e1e2e; color: #cdd6f4; font: 12px/1.5 "DejaVu Sans Mono", monospace; white-space: pre;
  }
  .prompt { color: #7f849c; }
  .ansi-bright-black-fg { color: #7f849c; }
  .ansi-red-fg { color: #f38ba8; }
  .ansi-green-fg { color: #a6e3a1; }
  .ansi-yellow-fg { color: #f9e2af; }
  .ansi-blue-fg { color: #89b4fa; }
  .ansi-magenta-fg { color: #f5c2e7; }
  .ansi-cyan-fg { color: #94e2d5; }
`;

/** A command and what it printed, with the colours that it printed, as a terminal shows them. */
export async function photographTerminal(page, command, output, path) {
  const ansi = new AnsiUp();
  ansi.use_classes = true;
  const shown = ansi.ansi_to_html(output.trimEnd());
  await page.setContent(
    `<style>${STYLE}</style><pre><span class="prompt">$ </span>${command}\n${shown}</pre>`,
  );
  await page.locator("pre").screenshot({ path });
}
