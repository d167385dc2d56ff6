import { describe, expect, it } from "vitest";
import { hasMarkup } from "../../../src/project/discovery/component-scripts.ts";

const SCRIPT = '<script lang="ts">\nimport greeting from "scope:hi";\nconst tag = "<p>";\n</script>\n';
const FRONT = '---\nimport greeting from "scope:hi";\nconst page = { name };\n---\n';

describe("the markup of a component", () => {
  it.each([
    ["App.vue", `${SCRIPT}<template><Card :greeting /></template>`, true],
    ["App.vue", `<template>{{ greet() }}</template>\n${SCRIPT}`, true],
    ["App.svelte", `${SCRIPT}{greeting({ name })}`, true],
    ["App.astro", `${FRONT}<p>{greeting({ name })}</p>`, true],
    ["App.vue", SCRIPT, false],
    ["App.svelte", `${SCRIPT}${SCRIPT}`, false],
    ["App.astro", FRONT, false],
  ])("%s: %j: %s", (file, text, expected) => {
    expect(hasMarkup(text, file)).toBe(expected);
  });
});
