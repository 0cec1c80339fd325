/** The texts around what is shown to the people who are met. */
export { help } from '../help.ts'
export { information } from '../information.ts'
