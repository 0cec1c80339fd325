import { enTeamKey } from './en-team-key.ts'
import { i18n } from './i18n.svelte.ts'
import { svTeamKey, type TeamKeyTexts } from './sv-team-key.ts'

/** The texts about codes and the team key in the language in use. */
export function teamKeyTexts(): TeamKeyTexts {
  return i18n.language === 'sv' ? svTeamKey : enTeamKey
}
