export { withScope as default, withScope as "module.exports", withScope } from "./with-scope.ts";
