/** A find in a text, and its position. */

export type Personal = 'personal_number' | 'phone_number' | 'name' | 'address'

/** Where something was found: `text.slice(start, end)`. */
export interface Hit {
  kind: Personal
  start: number
  end: number
}
