/** The lock's pages, in a file of their own. */
export { default as Lease } from './lease.svelte'
export { default as Locked } from './locked.svelte'
export { default as Secure } from './secure.svelte'
