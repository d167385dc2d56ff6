const { default: greeting } = await import("./prompts/greeting.js");
export const text = greeting({ name: "Ada" });
