/** The answer that it is at none of the places, in a form that asks for one. */
export const ELSEWHERE = 'elsewhere'
export type Elsewhere = typeof ELSEWHERE
