import greeting from "./prompts/greeting.js";

export const mail = greeting({ name: "Ada" });
