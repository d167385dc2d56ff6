import type { AddCommand } from "../cli/context.ts";
import type { PinFlags } from "./run-pin.ts";

export const addPin: AddCommand = (program, action) => {
  program
    .command("pin")
    .description("pin a prompt to a version in the config: the committed one or any other")
    .argument("<name>", "a key of the config or a prompt name")
    .option("--to <version>", "a version number or ID: in the snapshot, production or latest")
    .option("--yes", "don't ask")
    .addHelpText(
      "after",
      "\nShows the change to the config and asks first.\n\nExamples:\n  scope-gen pin welcome\n  scope-gen pin welcome --to 3\n  scope-gen unpin welcome",
    )
    .action(action<[string, PinFlags]>(async (...given) => (await import("./run-pin.ts")).pin(...given)));
};

export const addUnpin: AddCommand = (program, action) => {
  program
    .command("unpin")
    .description("remove a prompt's pin from the config, so that it follows its label again")
    .argument("<name>", "a key of the config or a prompt name")
    .option("--yes", "don't ask")
    .addHelpText("after", "\nExample:\n  scope-gen unpin welcome && scope-gen pull")
    .action(action<[string, PinFlags]>(async (...given) => (await import("./run-pin.ts")).unpin(...given)));
};
