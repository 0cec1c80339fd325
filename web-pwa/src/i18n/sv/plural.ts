import { plurals } from '../plurals.ts'

/** Picks the form that goes with a number in Swedish. */
export const plural = plurals('sv', ['one', 'other'])
