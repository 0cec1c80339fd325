// What a phone shows that is nobody's yet; nearly every start needs none of it.
export { default as EnrolForm } from './enrol-form.svelte'
export { default as Invited } from './invited.svelte'
