import { defineConfig } from "unplugin-scope";

export default defineConfig({
  // The client asks for it by name while the application runs, and no import says so.
  prompts: ["first-reply"],
  // What is committed is what is built.
  fetch: "never",
});
