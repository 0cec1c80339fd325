import { mount } from 'svelte'
import App from './ui/App.svelte'
import { openFieldCore } from './open-field.ts'
import { browserServices } from './open-services.ts'

const target = document.getElementById('app')
if (target === null) throw new Error('index.html has no #app')

mount(App, {
  target,
  props: {
    services: browserServices,
    // The coordination face reads the server and needs no replica, so neither
    // face starts the other's core.
    openField: openFieldCore,
    openCoordination: async () => (await import('./open-coordination.ts')).openCoordination(),
  },
})
