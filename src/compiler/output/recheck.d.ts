/** The form of recheck that needs neither Java nor a program of its own. */
declare module "recheck/lib/browser.js" {
  export { checkSync } from "recheck";
}
