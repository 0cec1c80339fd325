/** The pages that are not needed for the first look, in a file of their own. */

import { textsOf } from '$core/outreach/names/texts.ts'
import { mayBeSaved } from '../names/ask.ts'
import { receipts } from '../receipts.svelte.ts'

receipts.guard = (intent) => mayBeSaved(textsOf(intent))

export { default as About } from './about.svelte'
export { default as Alert } from './alert.svelte'
export { default as ClockNotice } from '../parts/clock-notice.svelte'
export { default as Conflicts } from './conflicts.svelte'
export { default as CountPage } from './count.svelte'
export { default as EncounterPage } from './encounter.svelte'
export { default as LockSettings } from '../lock/lock-settings.svelte'
export { default as NewPlace } from './new-place.svelte'
export { default as Place } from './place.svelte'
export { default as PlacePicker } from './place-picker.svelte'
export { default as RaiseAlert } from './raise-alert.svelte'
export { default as Settings } from './settings.svelte'
export { default as Sync } from './sync.svelte'
export { default as Visit } from './visit.svelte'
