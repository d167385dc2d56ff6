// import "./prompts/unused.js"
export const path = "./prompts/unused.js";
export { text } from "./lib/other.js";
