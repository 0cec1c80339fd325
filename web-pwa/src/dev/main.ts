/**
 * Shows the app over made-up data: `/dev.html?at=/rakna&scene=offline`. For
 * looking at screens; not part of a build.
 */
import { mount } from 'svelte'
import { fakeField } from './fake-field.ts'
import { browserServices } from '../open-services.ts'
import * as data from './data.ts'

const query = new URLSearchParams(location.search)
const scene = query.get('scene') ?? ''
history.replaceState(null, '', query.get('at') ?? '/')

// The made-up city lives on one evening.
const started = Date.now()
const realNow = Date.now.bind(Date)
Date.now = () => data.NOW + realNow() - started

const { default: App } = await import('../ui/App.svelte')
const target = document.getElementById('app')
if (target) {
  mount(App, {
    target,
    props: {
      services: browserServices,
      openField: () => fakeField(scene),
      openCoordination: async () =>
        (await import('./fake-coordination.ts')).fakeCoordination(scene),
    },
  })
}
