/** A browser for tests: tabs, lock and engines, without any of the real ones. */

import type { InvitationAbout } from '$core/shared/generated/api.ts'
import { FieldClient, type ClientParts } from '$core/outreach/client/client.ts'
import type { Tabs } from '$core/outreach/client/link.ts'
import { NEVER_SYNCED } from '$core/outreach/defaults.ts'
import type {
  EngineApi,
  EngineChange,
  EngineEvent,
  EngineState,
  Notice,
} from '$core/outreach/engine/api.ts'
import { type Result, Failure } from '$core/shared/failure.ts'
import type { Intent, Saved } from '$core/outreach/intents.ts'
import type { Snapshot } from '$core/outreach/field-core.ts'
import type { LockMessage, Locker } from '$core/outreach/lock/port.ts'
import type { DataKey } from '$core/outreach/ports.ts'
import type { Identity } from '$core/shared/member.ts'
import { DEVICE, engineDocument, id, NOW, placeView, samplePlace } from './samples.ts'

export const identity: Identity = {
  device: DEVICE,
  role: 'worker',
  organisation: { id: 'eu-teamet', name: 'EU-teamet' },
  label: 'Android',
  token: 't',
  keys: {} as CryptoKeyPair,
}

const ok = <T>(value: T): Promise<Result<T>> => Promise.resolve({ ok: true, value })

/** A browser with one origin: the lock, the channel, the stored identity, and an engine per leader. */
export class Browser {
  identity: Identity | null = identity
  erased = false
  invitation: string | null = null
  about: () => Promise<InvitationAbout | null> = () =>
    Promise.resolve({ role: 'worker', organisation: identity.organisation })
  enrolment: () => Promise<Identity> = () => Promise.resolve(identity)
  engines: FakeEngine[] = []
  startFailures: Failure[] = []
  /** Whether a lock is set; `key` opens it. */
  locked = true
  key = { type: 'secret' } as DataKey
  wrong = false
  /** Tabs that were told of the lock. */
  lockListeners = new Set<(message: LockMessage) => void>()
  /** A tab that is not tested has the key and hands it over. */
  handsOver = true
  waiting_documents = 0
  /** When the browser sent what waits, sealed. */
  sent_at: number | null = null
  now = NOW
  touch: () => void = () => undefined
  visible = true
  marked = false
  leader: (() => void) | null = null
  waiting: (() => void)[] = []
  listeners = new Set<(event: EngineEvent) => void>()
  timers = new Map<number, () => void>()
  asleep = false
  /** Answers for a leader that was asleep at first. */
  answers: EngineApi | null = null
  #timer = 0

  tab(): FieldClient {
    const parts: ClientParts = {
      tabs: this.#tabs(),
      lacking: () => null,
      locker: this.#locker(),
      readIdentity: async () => ({
        identity: this.locked ? null : this.identity,
        sealed: this.locked && this.identity !== null,
        erased: this.erased,
      }),
      enrolPhone: async () => {
        this.identity = await this.enrolment()
        this.locked = false
        return this.identity
      },
      invitationInAddress: () => {
        return this.invitation
      },
      leaveInvitation: () => {
        this.invitation = null
      },
      aboutInvitation: () => this.about(),
      defaultLabel: () => 'Android',
      locate: async () => null,
      storageState: async () => ({ persisted: null, used: null, quota: null }),
      persist: async () => true,
      onNotice: () => undefined,
      applyUpdate: async () => undefined,
      online: () => true,
      marker: {
        set: () => void (this.marked = true),
        clear: () => void (this.marked = false),
        isSet: () => this.marked,
      },
      visible: () => this.visible,
      onTouch: (listener) => {
        this.touch = listener
      },
      id: () => 'call',
      now: () => this.now,
      after: (_ms, call) => {
        const timer = ++this.#timer
        this.timers.set(timer, call)
        return () => this.timers.delete(timer)
      },
    }
    return new FieldClient(parts)
  }

  #locker(): Locker {
    let own: (message: LockMessage) => void = () => undefined
    const open = async (): Promise<DataKey> => {
      if (this.wrong) throw new Failure('passphrase_wrong')
      return this.key
    }
    return {
      state: async () => ({
        set: this.locked,
        passkey: false,
        next_at: null,
        made_at: this.locked ? NOW : null,
        waiting: {
          documents: this.waiting_documents,
          since: null,
          envelope: this.sent_at === null ? null : { sent_at: this.sent_at },
        },
        numbers: [{ id: 'x', name_sv: 'Jouren', name_en: 'Duty', number: '1' }],
      }),
      setUp: async () => {
        this.locked = true
        return this.key
      },
      open,
      openByPasskey: open,
      warm: () => undefined,
      canPasskey: async () => false,
      addPasskey: async () => undefined,
      removePasskey: async () => undefined,
      change: async () => undefined,
      identity: async () => this.identity ?? identity,
      erase: async () => {
        this.identity = null
      },
      post: (message) => {
        if (message.type === 'ask' && this.handsOver) own({ type: 'unlocked', key: this.key })
        for (const listener of this.lockListeners) if (listener !== own) listener(message)
      },
      listen: (listener) => {
        own = listener
        this.lockListeners.add(listener)
      },
    }
  }

  #tabs(): Tabs {
    const take = (lost: () => void): void => {
      const before = this.leader
      this.leader = lost
      before?.()
    }
    return {
      startEngine: async () => {
        const failure = this.startFailures.shift()
        if (failure !== undefined) throw failure
        const engine = new FakeEngine(this, `engine${this.engines.length}`)
        this.engines.push(engine)
        engine.tell({ type: 'started' })
        return { api: engine, end: () => undefined, died: engine.died }
      },
      remoteEngine: () => {
        const engine = this.engines.at(-1)
        if (engine !== undefined && !this.asleep) return engine
        return { ...sleeping, state: () => this.answers?.state() ?? never() }
      },
      warm: () => undefined,
      announce: () => undefined,
      onEvent: (listener) => void this.listeners.add(listener),
      anybody: async () => this.leader !== null || this.handsOver,
      tryLead: async (lost) => {
        if (this.leader !== null) return false
        take(lost)
        return true
      },
      waitToLead: (lost) =>
        new Promise((resolve) => {
          this.waiting.push(() => {
            this.leader = lost
            resolve()
          })
        }),
      takeLead: async (lost) => take(lost),
    }
  }

  /** Lets time pass: all timers that are set now. */
  async pass(): Promise<void> {
    const due = [...this.timers.values()]
    this.timers.clear()
    for (const call of due) call()
    await settled()
  }
}

const never = (): Promise<never> => new Promise(() => undefined)
const sleeping: EngineApi = {
  state: never,
  dispatch: never,
  syncNow: never,
  notice: never,
  setDraft: never,
  erase: never,
}

export class FakeEngine implements EngineApi {
  browser: Browser
  name: string
  serial = 0
  documents = [engineDocument(placeView(id(1), samplePlace('Bron')))]
  drafts: Record<string, unknown> = {}
  break: (detail: string) => void = () => undefined
  died = new Promise<string>((resolve) => {
    this.break = resolve
  })
  outcome: Result<{ saved: Saved; serial: number }> = {
    ok: true,
    value: {
      saved: { document: id(1), record: null, place: id(1), undo: null, at: NOW },
      serial: 2,
    },
  }

  constructor(browser: Browser, name: string) {
    this.browser = browser
    this.name = name
  }

  tell(change: EngineChange): void {
    this.serial += 1
    const event = { engine: this.name, serial: this.serial, change }
    for (const listener of this.browser.listeners) listener(event)
  }

  state = (): Promise<Result<EngineState>> =>
    ok({
      engine: this.name,
      serial: this.serial,
      documents: [...this.documents],
      coverage: [],
      draw: null,
      configuration: null,
      sync: NEVER_SYNCED,
      authority: {},
      drafts: this.drafts,
    })
  asked: string[] = []
  silent = false
  dispatch = (_intent: Intent, call: string) => {
    this.asked.push(call)
    return this.silent ? never() : Promise.resolve(this.outcome)
  }
  syncNow = () => ok(null)
  noticed: Notice[] = []
  notice = (notice: Notice) => {
    this.noticed.push(notice)
    return ok(null)
  }
  setDraft = (key: string, value: unknown) => {
    this.drafts[key] = value
    return ok(null)
  }
  erase = () => ok(null)
}

export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

export const phase = (client: FieldClient): Snapshot['state'] => client.snapshot.state
export const names = (client: FieldClient): string[] =>
  client.places({ order: 'name' }, NOW).map((row) => row.name)

/** Returns a tab of a browser, started. */
export async function openedIn(browser: Browser): Promise<FieldClient> {
  const client = browser.tab()
  await client.start()
  await settled()
  return client
}

/** Something to record. */
export const count: Intent = { type: 'count', where: { place: id(1) }, count: {} }
