import type { NamesTexts } from '../sv/names.ts'

/** Texts before a text is saved that seems to hold what it must not, in English. */
export const names: NamesTexts = {
  title: 'Does this point to somebody?',
  kinds: {
    name: 'It looks like a name.',
    personal_number: 'It looks like a personal number or a date of birth.',
    phone_number: 'It looks like a phone number.',
    address: 'It looks like a person’s address.',
  },
  help: 'Names, numbers and addresses of persons must not be saved. The phone itself looks; nothing has been sent.',
  change: 'Change the text',
  sure: 'It is nothing like that, save',
}
