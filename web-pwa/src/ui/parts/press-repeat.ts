import type { Attachment } from 'svelte/attachments'

const FIRST_MS = 450
const EACH_MS = 130
const FAST_MS = 60
/** After this many repeats the steps come faster. */
const SLOW_STEPS = 8

/**
 * Acts on a click, and again and again while the button is held. The first
 * step comes with the click, not with the touch, so that scrolling past the
 * button changes nothing.
 */
export function pressRepeat(step: () => void): Attachment<HTMLButtonElement> {
  return (button) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let repeated = 0

    const stop = () => clearTimeout(timer)
    const repeat = () => {
      if (button.disabled) return
      step()
      repeated += 1
      timer = setTimeout(repeat, repeated < SLOW_STEPS ? EACH_MS : FAST_MS)
    }
    const start = (event: PointerEvent) => {
      if (event.button !== 0) return
      stop()
      repeated = 0
      timer = setTimeout(repeat, FIRST_MS)
    }
    const click = (event: MouseEvent) => {
      stop()
      // The click that ends a hold is no further step; a click by keyboard (detail 0) always is one.
      if (repeated === 0 || event.detail === 0) step()
      repeated = 0
    }
    const noMenu = (event: Event) => event.preventDefault()

    button.addEventListener('pointerdown', start)
    button.addEventListener('pointerup', stop)
    button.addEventListener('pointercancel', stop)
    button.addEventListener('pointerleave', stop)
    button.addEventListener('contextmenu', noMenu)
    button.addEventListener('click', click)
    return () => {
      stop()
      button.removeEventListener('pointerdown', start)
      button.removeEventListener('pointerup', stop)
      button.removeEventListener('pointercancel', stop)
      button.removeEventListener('pointerleave', stop)
      button.removeEventListener('contextmenu', noMenu)
      button.removeEventListener('click', click)
    }
  }
}
