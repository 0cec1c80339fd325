/** The pages for visitors and for later, in a file of their own. */
export { default as FeedbackCode } from '../information/feedback-code.svelte'
export { default as Help } from './help.svelte'
export { default as Information } from '../information/information.svelte'
export { default as LeafletPage } from '../information/leaflet.svelte'
