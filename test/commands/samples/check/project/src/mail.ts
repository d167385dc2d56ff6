import greeting from "scope:greeting";

export const mail = greeting({ name: "Ada" });
