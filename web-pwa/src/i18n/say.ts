import type { Message } from '$core/shared/generated/api.ts'
import { i18n } from './i18n.svelte.ts'
import { sentence } from './sentence.ts'

/** Says in the language in use what the server says of an estimate. */
export const say = (message: Message): string => sentence(message, i18n.t.estimate, i18n.locale)
