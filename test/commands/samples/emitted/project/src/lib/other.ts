import * as farewell from "../prompts/farewell";
export const text = farewell.render({ name: "Ada" });
