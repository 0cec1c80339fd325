// `node run.mjs [part of a test's name]`
import { runAll } from './lib/runner.mjs'

await import('./scenarios/meeting.mjs')
await import('./scenarios/method.mjs')
await import('./scenarios/killed.mjs')
await import('./scenarios/drafts.mjs')
await import('./scenarios/links.mjs')
await import('./scenarios/locked.mjs')
await import('./scenarios/tabs.mjs')
await import('./scenarios/installable.mjs')
await import('./scenarios/accessible.mjs')
await import('./scenarios/states.mjs')
await import('./scenarios/keyboard.mjs')
await import('./scenarios/codes.mjs')
await import('./scenarios/acute.mjs')
await import('./scenarios/visitors.mjs')
await import('./scenarios/clock.mjs')
await import('./scenarios/others.mjs')
await import('./scenarios/lists.mjs')

const failed = await runAll(process.argv[2])
process.exit(failed === 0 ? 0 : 1)
