import type { MustacheNode } from "../compiler/1-parse/read-mustache.ts";
import type { Body, CompiledPrompt } from "../compiler/compiled-prompt.ts";
import { type PromptRef, refKey } from "../prompt.ts";
import type { Segment, VersionDetails } from "./api.ts";

/** A compiled version as the page shows it. */
export function templateOf(compiled: CompiledPrompt): Omit<VersionDetails, "includes" | "render"> {
  const { source, contract, bodies, parameter, diagnostics } = compiled;
  return {
    messages: bodies.map((body, at) => ({ role: contract.roles?.[at], segments: segmentsOf(body) })),
    metadata: source.version.metadata,
    parameter,
    warnings: diagnostics.map(({ message }) => message),
  };
}

/** The prompts that its own tags name, each once. */
export function includedIn({ bodies }: CompiledPrompt): readonly PromptRef[] {
  const walk = (nodes: readonly MustacheNode[]): readonly PromptRef[] =>
    nodes.flatMap((node) =>
      node.kind === "partial" ? [node.source.ref] : node.kind === "section" ? walk(node.nodes) : [],
    );
  const refs = bodies.flatMap((body) => (body.syntax === "mustache" ? walk(body.nodes) : []));
  return [...new Map(refs.map((ref) => [refKey(ref), ref])).values()];
}

function segmentsOf(body: Body): readonly Segment[] {
  if (body.syntax === "mustache") return body.nodes.flatMap(segmentOf);
  return body.parts.map((part) => (part.kind === "text" ? part : { kind: "variable", name: part.name }));
}

function segmentOf(node: MustacheNode): readonly Segment[] {
  switch (node.kind) {
    case "text":
      return [node];
    case "line-start":
      return [];
    case "variable":
      return [{ kind: "variable", name: pathText(node.path) }];
    case "partial":
      return [{ kind: "partial", name: node.source.ref.name }];
    case "section": {
      const segments = node.nodes.flatMap(segmentOf);
      return [{ kind: "section", name: pathText(node.path), isInverted: node.isInverted, segments }];
    }
  }
}

function pathText(path: readonly string[]): string {
  return path.length === 0 ? "." : path.join(".");
}
