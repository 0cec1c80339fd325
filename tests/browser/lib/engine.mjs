// The engine of a phone, called from its page as the app's own tabs call it:
// comlink's messages over the channel. For what would take thousands of taps.

/** Runs `ask` in the page, with the engine at hand. */
async function withEngine(page, method, list) {
  return page.evaluate(
    async ([name, argumentsOf]) => {
      const calls = (window.engineCalls ??= {
        channel: new BroadcastChannel('lagesbild-calls'),
        next: 0,
        session: Math.random().toString(36).slice(2),
      })
      const id = `test-${calls.session}-${(calls.next += 1)}`
      const answered = new Promise((resolve, reject) => {
        const heard = ({ data }) => {
          if (data?.id !== id || data.type === 'APPLY') return
          calls.channel.removeEventListener('message', heard)
          resolve(data.value)
        }
        calls.channel.addEventListener('message', heard)
        setTimeout(() => reject(new Error('the engine did not answer')), 20_000)
      })
      calls.channel.postMessage({
        id,
        type: 'APPLY',
        path: [name],
        argumentList: argumentsOf.map((given) => ({ type: 'RAW', value: given })),
      })
      return answered
    },
    [method, list],
  )
}

function value(result) {
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`)
  return result.value
}

/** What the engine of the phone holds. */
export async function engineState(page) {
  return value(await withEngine(page, 'state', []))
}

/** Waits until the phone has read all that the server has for it; gives what it then holds. */
export async function readWhole(page) {
  for (;;) {
    const state = await engineState(page)
    // With more to read the next exchange follows at once.
    if (!state.sync.busy && state.sync.next_at - Date.now() > 5_000) return state
    await page.waitForTimeout(200)
  }
}

/** Records something; resolves when it is durable on the phone. */
export async function record(page, intent, id) {
  return value(await withEngine(page, 'dispatch', [intent, id])).saved
}

/** The records of all visits: `visit/record`. */
export function recordsIn(state) {
  return state.documents
    .filter(({ view }) => view.kind === 'visit')
    .flatMap(({ view }) => Object.keys(view.content.counts).map((id) => `${view.document}/${id}`))
}

/**
 * Starts recording counts at `places`, one after the other in each of `lanes`,
 * until `count` are saved; tells each as soon as the phone says that it is
 * saved, under the page's exposed `tellSaved`. What gets no answer is asked
 * again under the same name, as the app does.
 */
export async function recordMany(page, { places, count, lanes, name }) {
  return page.evaluate(
    async ([where, total, wide, label]) => {
      const channel = new BroadcastChannel('lagesbild-calls')
      const waiting = new Map()
      channel.addEventListener('message', ({ data }) => {
        if (data?.type !== 'APPLY') waiting.get(data?.id)?.(data.value)
      })
      const ask = (id, intent) =>
        new Promise((resolve) => {
          const stop = setTimeout(() => resolve(null), 3000)
          waiting.set(id, (answer) => {
            clearTimeout(stop)
            waiting.delete(id)
            resolve(answer)
          })
          const list = [intent, id].map((given) => ({ type: 'RAW', value: given }))
          channel.postMessage({ id, type: 'APPLY', path: ['dispatch'], argumentList: list })
        })
      let next = 0
      const failed = []
      const lane = async () => {
        while (next < total) {
          const n = (next += 1)
          const id = `${label}-${n}`
          const place = where[n % where.length]
          const intent = { type: 'count', where: { place }, count: { adults: 1 + (n % 3) } }
          let answer = null
          for (let tries = 0; tries < 20 && !answer?.ok; tries += 1) answer = await ask(id, intent)
          if (!answer?.ok) failed.push(`${id}: ${answer?.code}`)
          else if (window.tellSaved)
            await window.tellSaved(`${answer.value.saved.document}/${answer.value.saved.record}`)
        }
      }
      await Promise.all(Array.from({ length: wide }, lane))
      channel.close()
      return failed
    },
    [places, count, lanes, name],
  )
}
