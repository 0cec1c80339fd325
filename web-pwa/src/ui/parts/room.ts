import { i18n } from '$i18n/i18n.svelte.ts'

/** Of a field's length: when so little is left, it is said. */
const LITTLE = 0.1

/**
 * Says below a text field how much room is left when that is little, and how much of a
 * pasted text found none: a browser cuts it without a word.
 */
export function room(node: HTMLInputElement | HTMLTextAreaElement): () => void {
  const most = node.maxLength
  const said = document.createElement('span')
  said.className = 'hint'
  said.setAttribute('role', 'status')
  node.after(said)
  let cut = 0

  function say(): void {
    const left = most - node.value.length
    const t = i18n.t.common.room
    said.textContent = cut > 0 ? t.cut(cut) : left <= most * LITTLE ? t.left(left) : ''
  }

  function pasted(event: Event): void {
    const text = (event as ClipboardEvent).clipboardData?.getData('text') ?? ''
    const chosen = (node.selectionEnd ?? 0) - (node.selectionStart ?? 0)
    cut = Math.max(0, text.length - (most - node.value.length + chosen))
  }

  function typed(event: Event): void {
    if ((event as InputEvent).inputType !== 'insertFromPaste') cut = 0
    say()
  }

  node.addEventListener('paste', pasted)
  node.addEventListener('input', typed)
  // What a program filled in may leave as little.
  say()
  return () => {
    node.removeEventListener('paste', pasted)
    node.removeEventListener('input', typed)
    said.remove()
  }
}
