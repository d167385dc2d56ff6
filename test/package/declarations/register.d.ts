// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
declare const isRegistered = true;
export { isRegistered };
