/** Returns the first necessity that the browser lacks. */
export function lacking(): 'wasm' | 'storage' | 'crypto' | 'worker' | null {
  if (typeof WebAssembly !== 'object') return 'wasm'
  if (typeof indexedDB === 'undefined') return 'storage'
  // Absent outside of https and localhost.
  if (typeof crypto === 'undefined' || crypto.subtle === undefined) return 'crypto'
  if (
    typeof Worker === 'undefined' ||
    typeof BroadcastChannel === 'undefined' ||
    navigator.locks === undefined
  ) {
    return 'worker'
  }
  return null
}
