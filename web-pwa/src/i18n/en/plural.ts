import { plurals } from '../plurals.ts'

/** Picks the form that goes with a number in English. */
export const plural = plurals('en', ['one', 'other'])
