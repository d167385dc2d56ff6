/** Does a text contain the conflict markers that git leaves in a merge? They're longer in a merge within a merge. */
export function hasConflictMarks(text: string): boolean {
  return /^(?:<{7,}|>{7,})(?: |\r?$)/m.test(text);
}
