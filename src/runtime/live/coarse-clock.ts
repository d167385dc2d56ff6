let timeMs = 0;
let isCurrent = false;

/**
 * The monotonic time in milliseconds, read once per turn: every live render asks for it, and reading a clock costs as
 * much as filling a short template.
 */
export function coarseNow(): number {
  if (!isCurrent) {
    isCurrent = true;
    timeMs = performance.now();
    queueMicrotask(forget);
  }
  return timeMs;
}

function forget(): void {
  isCurrent = false;
}
