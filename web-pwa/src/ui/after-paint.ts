/** Calls once the next frame is on the screen. */
export function afterPaint(call: () => void): void {
  requestAnimationFrame(() => setTimeout(call))
}
