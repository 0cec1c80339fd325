/** Calls back when the person touches, types or scrolls; at most once a second. */
export function onTouch(listener: () => void): void {
  let last = 0
  const touched = (): void => {
    const now = performance.now()
    if (now - last < 1000) return
    last = now
    listener()
  }
  for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const) {
    addEventListener(kind, touched, { passive: true, capture: true })
  }
}
