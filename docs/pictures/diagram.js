import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const MERMAID = createRequire(import.meta.url).resolve("mermaid/dist/mermaid.min.js");

/**
 * Draws the first Mermaid block of a page, by Mermaid itself. Labels are SVG text rather than HTML, which a picture in an `img`
 * does not show everywhere.
 */
export async function drawDiagram(page, file) {
  const code = /^```mermaid\n(.*?)^```/ms.exec(await readFile(file, "utf8"))?.[1];
  if (code === undefined) throw new Error(`${file} has no Mermaid block.`);
  await page.setContent("<main></main>");
  await page.addScriptTag({ path: MERMAID });
  return page.evaluate(async (text) => {
    const { mermaid } = window;
    mermaid.initialize({
      startOnLoad: false,
      theme: "neutral",
      // Without a seed no two drawings of a rounded shape are the same file.
      handDrawnSeed: 1,
      htmlLabels: false,
      flowchart: { htmlLabels: false },
      fontFamily: "system-ui, sans-serif",
      themeVariables: { background: "#ffffff" },
    });
    const { svg } = await mermaid.render("way", text);
    document.querySelector("main").innerHTML = svg;
    const drawn = document.querySelector("main svg");
    drawn.style.background = "white";
    return new XMLSerializer().serializeToString(drawn);
  }, code);
}
