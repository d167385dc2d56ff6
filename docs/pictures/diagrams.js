import { label, sheet } from "./svg.js";

const LINE = 17;

/** A box with lines of text in its middle. A line that begins with a backtick is code. */
function box(x, y, width, height, lines, className = "") {
  const top = y + height / 2 - ((lines.length - 1) * LINE) / 2 + 4.5;
  const texts = lines.map((line, index) => {
    const isCode = line.startsWith("`");
    return label(x + width / 2, top + index * LINE, isCode ? line.slice(1) : line, {
      className: isCode ? "code" : "",
      anchor: "middle",
    });
  });
  return `<rect class="box ${className}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6" />\n${texts.join("\n")}`;
}

/** A line through points, with a tip at its end. */
function arrow(points, className = "") {
  const [x, y] = points.at(-1);
  const [fromX, fromY] = points.at(-2);
  const angle = (Math.atan2(y - fromY, x - fromX) * 180) / Math.PI;
  const path = points.map((point, index) => `${index === 0 ? "M" : "L"}${point.join(" ")}`).join(" ");
  return `<path class="line ${className}" d="${path}" />\n<path class="tip" d="M0 0 L-8 -4 L-8 4 Z" transform="translate(${x} ${y}) rotate(${angle})" />`;
}

const note = (x, y, text, anchor) => label(x, y, text, { className: "small", anchor });

const wayOfAPrompt = () =>
  sheet("How a prompt gets from the platform into your bundle", 592, [
    box(17, 12, 190, 34, ["somebody edits a prompt"]),
    arrow([
      [112, 46],
      [112, 94],
    ]),
    `<rect class="frame" x="40" y="66" width="320" height="90" rx="8" />`,
    note(348, 85, "Scope Platform", "end"),
    box(52, 94, 120, 50, ["draft", "`latest"]),
    arrow([
      [172, 119],
      [228, 119],
    ]),
    note(199, 111, "Promote", "middle"),
    box(228, 94, 120, 50, ["version", "`production"], "good"),
    arrow(
      [
        [112, 144],
        [112, 184],
      ],
      "later",
    ),
    box(52, 184, 120, 50, ["preview in your", "dev server"]),
    arrow([
      [272, 144],
      [272, 254],
    ]),
    note(264, 204, "scope-gen pull", "end"),
    `<rect class="frame" x="40" y="254" width="320" height="152" rx="8" />`,
    note(52, 273, "your repository"),
    box(52, 282, 143, 50, ["types", "`src/scope-types/"]),
    box(205, 282, 143, 50, ["snapshot", "`scope/*.json"]),
    box(52, 344, 296, 50, ["your code", '`import greeting from "scope:…"']),
    arrow([
      [123, 406],
      [123, 442],
    ]),
    arrow([
      [276, 406],
      [276, 442],
    ]),
    box(52, 442, 143, 50, ["your editor, tsc,", "`scope-gen check"]),
    box(205, 442, 143, 50, ["your bundler", "with the plugin"]),
    arrow([
      [123, 492],
      [123, 528],
    ]),
    arrow([
      [276, 492],
      [276, 528],
    ]),
    box(52, 528, 143, 50, ["a red line at a call", "that no longer fits"], "bad"),
    box(205, 528, 143, 50, ["bundle:", "a template literal"], "good"),
    arrow(
      [
        [348, 119],
        [366, 119],
        [366, 467],
        [348, 467],
      ],
      "later",
    ),
    note(358, 246, "fresh builds", "end"),
  ]);

const howABuildWorks = () =>
  sheet("How a build turns an import into a module", 582, [
    box(8, 12, 158, 50, ["`scope.config.ts", ".env, environment"]),
    box(194, 12, 158, 50, ["your code", '`from "scope:welcome"']),
    arrow([
      [87, 62],
      [87, 96],
    ]),
    note(94, 83, "project/config"),
    arrow([
      [273, 62],
      [273, 96],
    ]),
    note(280, 83, "bundlers"),
    box(8, 96, 158, 34, ["options"]),
    box(194, 96, 158, 34, ["name, pin, syntax"]),
    arrow([
      [166, 113],
      [194, 113],
    ]),
    arrow([
      [320, 130],
      [320, 248],
    ]),
    note(314, 149, "project/versions", "end"),
    box(8, 166, 112, 36, ["Scope Platform"]),
    box(132, 166, 112, 36, ["`scope/*.json"]),
    arrow([
      [50, 202],
      [50, 248],
    ]),
    note(57, 230, "client"),
    arrow([
      [188, 202],
      [188, 248],
    ]),
    note(195, 230, "project/snapshot"),
    box(8, 248, 344, 34, ["fetch policy: which version?"], "good"),
    arrow([
      [108, 282],
      [108, 318],
    ]),
    note(115, 304, "one version"),
    box(8, 318, 200, 50, ["compiler", "parse, infer, emit"], "good"),
    box(244, 318, 108, 50, ["`run/dev", "polls"]),
    arrow(
      [
        [298, 318],
        [298, 282],
      ],
      "later",
    ),
    note(292, 304, "new version", "end"),
    arrow([
      [108, 368],
      [108, 402],
    ]),
    note(115, 389, "contract"),
    box(8, 402, 200, 50, ["does it keep the", "committed contract?"], "good"),
    arrow([
      [208, 427],
      [244, 427],
    ]),
    note(226, 420, "no", "middle"),
    box(244, 394, 108, 66, ["error, warning,", "or committed", "version"], "bad"),
    arrow([
      [108, 452],
      [108, 486],
    ]),
    note(115, 473, "yes"),
    box(8, 486, 200, 34, ["`.scope/…/welcome.js"]),
    arrow(
      [
        [352, 343],
        [362, 343],
        [362, 503],
        [208, 503],
      ],
      "later",
    ),
    note(350, 496, "rewrites it", "end"),
    arrow([
      [58, 520],
      [58, 544],
    ]),
    box(8, 544, 100, 32, ["bundle"], "good"),
    arrow([
      [170, 520],
      [170, 544],
    ]),
    box(120, 544, 170, 32, ["`.scope/manifest/"]),
  ]);

const whatAPullWrites = () =>
  sheet("What a pull writes", 214, [
    box(112, 12, 148, 34, ["`scope-gen pull"], "good"),
    arrow([
      [150, 46],
      [90, 88],
    ]),
    note(106, 68, "commands/pull", "end"),
    arrow([
      [222, 46],
      [282, 88],
    ]),
    note(266, 68, "project/types"),
    box(12, 88, 156, 34, ["`scope/*.json"]),
    box(204, 88, 156, 34, ["`scope-types/"]),
    arrow([
      [282, 122],
      [282, 156],
    ]),
    note(274, 143, "your editor and tsc", "end"),
    box(174, 156, 186, 46, ["your code", '`from "scope:welcome"']),
  ]);

/** The diagrams of the pages, by the names of their files. */
export const DIAGRAMS = {
  "way-of-a-prompt.svg": wayOfAPrompt,
  "build.svg": howABuildWorks,
  "pull.svg": whatAPullWrites,
};
