/**
 * Returns the team key in the address bar, as text, if there is one: 43 characters of
 * base64url. It is taken out of there, since it is a secret. A fragment is
 * never sent to a server.
 */
export function teamKeyInAddress(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const text = fragment.get('team')
  if (text === null) return null
  fragment.delete('team')
  const rest = fragment.toString()
  const address = location.pathname + location.search + (rest === '' ? '' : `#${rest}`)
  history.replaceState(history.state, '', address)
  return /^[A-Za-z0-9_-]{43}$/.test(text) ? text : null
}
