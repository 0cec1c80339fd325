import type { Language } from '$core/shared/model.ts'

/** The language that leaflets are shown in: whoever is met next probably speaks it too. */
class ShownIn {
  language = $state<Language>('ro')
}

export const shownIn = new ShownIn()
