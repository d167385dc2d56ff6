import { describe, expect, it } from "vitest";
import { templateUses } from "../../../src/project/discovery/template-uses.ts";

const IMPORT = 'import greeting from "scope:hi";';
const vue = (template: string, script = IMPORT) =>
  `<script setup lang="ts">\n${script}\n</script>\n<template>\n${template}\n</template>\n<style>.a { greeting: 1 }</style>`;
const svelte = (markup: string, script = IMPORT) =>
  `<script lang="ts">\n${script}\n</script>\n${markup}\n<style>p { --a: greeting }</style>`;
const astro = (markup: string, script = IMPORT) => `---\n${script}\n---\n${markup}`;

const used = (file: string, text: string) => templateUses(text, file).map(({ specifier }) => specifier);

describe("markup that uses a prompt", () => {
  it.each([
    ["App.vue", vue("<p>{{ greeting({ name }) }}</p>")],
    ["App.vue", vue('<p :title="greeting({ name })" />')],
    ["App.vue", vue("<p v-text='greeting({ name })' />")],
    ["App.vue", vue('<Button @click="say(greeting({ name }))" />')],
    ["App.vue", vue("<p>{{ greet({ name }) }}</p>", 'import { render as greet } from "scope:hi";')],
    ["App.vue", vue("<p>{{ hi.render({ name }) }}</p>", 'import * as hi from "scope:hi";')],
    ["App.vue", vue("<p>{{ greet({ name }) }}</p>", 'const { default: greet } = await import("scope:hi");')],
    ["App.svelte", svelte("<p>{greeting({ name })}</p>")],
    ["App.svelte", svelte("<button onclick={() => say(greeting({ name }))}>Say</button>")],
    ["App.svelte", svelte("{#each messages(greeting({ name: `${name}` })) as m}{m}{/each}")],
    ["App.svelte", svelte("{hi.render({ name })}", 'const hi = await import("scope:hi");')],
    ["App.astro", astro("<p>{greeting({ name })}</p>")],
    ["App.astro", astro("<Card text={greeting({ name })} />")],
  ])("%s: %s", (file, text) => {
    expect(used(file, text)).toEqual(["scope:hi"]);
  });
});

describe("markup that doesn't", () => {
  it.each([
    [
      "App.vue",
      vue('<p class="greeting">greeting {{ text }} {{ page.greeting }}</p><!-- {{ greeting() }} -->'),
    ],
    ["App.vue", vue("<p>{{ render() }}</p>", 'import { render as greet } from "scope:hi";')],
    ["App.svelte", svelte("<p>greeting {text}</p>")],
    [
      "App.svelte",
      svelte("<p>{greeting}</p>", 'import greeting from "./other";\nimport hi from "scope:hi";'),
    ],
    ["App.svelte", svelte("<p>{greeting}</p>", 'export { default as greeting } from "scope:hi";')],
    ["App.astro", astro("<p>{text}</p>", `${IMPORT}\nconst text = greeting({ name: "Ada" });`)],
  ])("%s: %s", (file, text) => {
    expect(used(file, text)).toEqual([]);
  });
});
