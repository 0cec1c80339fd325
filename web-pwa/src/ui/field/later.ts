/** The pages that are not needed for the first look, in a file of their own. */
export { default as About } from './about.svelte'
export { default as Conflicts } from './conflicts.svelte'
export { default as NewPlace } from './new-place.svelte'
export { default as Place } from './place.svelte'
export { default as Settings } from './settings.svelte'
export { default as Sync } from './sync.svelte'
export { default as Visit } from './visit.svelte'
