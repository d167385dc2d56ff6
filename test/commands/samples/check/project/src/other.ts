import farewell from "scope:farewell";
export const text = farewell({ name: "Ada" });
