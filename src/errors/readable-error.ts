/** An error whose text is already formatted for people. It has no stack: that would be ours, not theirs. */
export function readableError(text: string, code?: string): Error {
  return Object.assign(new Error(text), { name: "", stack: text, ...(code !== undefined && { code }) });
}
