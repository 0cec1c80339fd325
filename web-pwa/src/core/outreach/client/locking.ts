/** The tab's side of the lock: the key while it is open, when it closes, and what may be known meanwhile. */

import { DEFAULT_CONFIGURATION } from '../defaults.ts'
import { asFailure } from '../../shared/failure.ts'
import type { Configuration } from '../../shared/member.ts'
import type { LockCore, LockView } from '../field-core.ts'
import { lockIn, type Use } from '../lock/idle.ts'
import type { LockState, Locker } from '../lock/port.ts'
import type { Instant } from '../../shared/model.ts'
import type { DataKey } from '../ports.ts'

/** How long another tab that has the key gets to say so. */
const MEET_MS = 250
/** Tabs tell each other at most this often that somebody is there. */
const ALIVE_MS = 10_000
/** How often a phone in use looks whether it is time to lock. */
const LOOK_MS = 15_000

/** The lock's ports to its client. */
export interface LockParts {
  locker: Locker
  now(): Instant
  after(ms: number, call: () => void): () => void
  visible(): boolean
  /** Calls back whenever the person touches the page. */
  onTouch(listener: () => void): void
}

/** The lock's news to its client. */
export interface LockEvents {
  limits(): Configuration['phones']
  /** Told that the key is there: what is stored can be read. */
  opened(key: DataKey): Promise<void>
  /** Forget everything that was read; resolves when what was typed is stored. */
  closing(): Promise<void>
  closed(): void
  /** Everything was erased by hand. */
  erased(): Promise<void>
  /** Returns whether what is stored has been opened, without a lock. */
  started(): boolean
  /** Goes on without a lock, this once. */
  postponed(): Promise<void>
  view(view: LockView): void
}

/** Nothing is known yet. */
export const NO_LOCK: LockView = {
  set: false,
  passkey: false,
  can_passkey: false,
  wait_until: null,
  waiting: { documents: 0, since: null, envelope: null },
  made_at: null,
}

export class Locking implements LockCore {
  key: DataKey | null = null
  #parts: LockParts
  #events: LockEvents
  #use: Use
  #told = 0
  #stop: (() => void) | null = null
  #met: ((key: DataKey) => void) | null = null
  #listening = false

  constructor(parts: LockParts, events: LockEvents) {
    this.#parts = parts
    this.#events = events
    this.#use = { seen: parts.now(), touched: parts.now() }
  }

  /** Reads how things stand; tells the numbers to call. */
  async read(): Promise<LockState> {
    this.#listen()
    const state = await this.#parts.locker.state()
    const can_passkey = state.set && (state.passkey || (await this.#parts.locker.canPasskey()))
    this.#events.view({
      set: state.set,
      passkey: state.passkey,
      can_passkey,
      wait_until: state.next_at,
      waiting: state.waiting,
      made_at: state.made_at,
    })
    return state
  }

  /** Returns the key from another tab that is open, if there is one. */
  meet(): Promise<DataKey | null> {
    this.#listen()
    return new Promise((resolve) => {
      const stop = this.#parts.after(MEET_MS, () => resolve(null))
      this.#met = (key) => {
        stop()
        this.key = key
        resolve(key)
      }
      this.#parts.locker.post({ type: 'ask' })
    })
  }

  /** Begins to look whether the phone is used. */
  watch(): void {
    const now = this.#parts.now()
    this.#use = { seen: now, touched: now }
    this.#look()
  }

  /** Called when the page is shown or hidden. */
  looked(visible: boolean): void {
    if (this.key === null) return
    // Before it counts as seen: it may have been out of sight for too long.
    this.#look(false)
    if (visible && this.key !== null) this.#seen()
    this.#look()
  }

  /** Forgets the key: everything is gone and there is nothing to lock. */
  forgetKey(): void {
    this.key = null
    this.#stop?.()
    this.#stop = null
    this.#events.view(NO_LOCK)
  }

  // What the pages ask for.

  async secure(passphrase: string): Promise<void> {
    // Nothing is written in the open while everything is being sealed.
    await this.#events.closing()
    let key: DataKey
    try {
      key = await this.#parts.locker.setUp(passphrase)
    } catch (error) {
      if (this.#events.started()) await this.#events.postponed()
      throw error
    }
    await this.#open(key)
  }

  postpone(): Promise<void> {
    return this.#events.postponed()
  }

  async unlock(passphrase: string): Promise<void> {
    await this.#opening(() => this.#parts.locker.open(passphrase))
  }

  async unlockByPasskey(): Promise<void> {
    await this.#opening(() => this.#parts.locker.openByPasskey())
  }

  async lockNow(): Promise<void> {
    if (this.key === null) return
    this.#parts.locker.post({ type: 'locked' })
    await this.#close()
  }

  async addPasskey(passphrase: string): Promise<void> {
    await this.#parts.locker.addPasskey(passphrase).finally(() => this.read())
  }

  async removePasskey(): Promise<void> {
    await this.#parts.locker.removePasskey()
    await this.read()
  }

  async change(from: string, to: string): Promise<void> {
    await this.#parts.locker.change(from, to).finally(() => this.read())
  }

  async forget(): Promise<void> {
    await this.#parts.locker.erase()
    await this.#events.erased()
  }

  // How it comes about.

  async #opening(open: () => Promise<DataKey>): Promise<void> {
    let key: DataKey
    try {
      key = await open()
    } catch (error) {
      const failure = asFailure(error, 'storage_lost')
      await this.read().catch(() => undefined)
      throw failure
    }
    await this.#open(key)
  }

  async #open(key: DataKey): Promise<void> {
    this.key = key
    this.#parts.locker.post({ type: 'unlocked', key })
    await this.read()
    await this.#events.opened(key)
  }

  async #close(): Promise<void> {
    this.#stop?.()
    this.#stop = null
    await this.#events.closing()
    this.key = null
    await this.read().catch(() => undefined)
    this.#events.closed()
  }

  #listen(): void {
    if (this.#listening) return
    this.#listening = true
    const { locker } = this.#parts
    locker.listen((message) => {
      switch (message.type) {
        case 'ask':
          if (this.key !== null) locker.post({ type: 'unlocked', key: this.key })
          break
        case 'unlocked':
          if (this.key !== null) break
          if (this.#met !== null) {
            this.#met(message.key)
            this.#met = null
          } else {
            this.key = message.key
            void this.#events.opened(message.key)
          }
          break
        case 'locked':
          if (this.key !== null) void this.#close()
          break
        case 'sent':
          if (this.key === null) this.read().catch(() => undefined)
          break
        case 'alive':
          this.#use.seen = this.#parts.now()
          this.#use.touched = Math.max(this.#use.touched, message.touched)
          break
      }
    })
    this.#parts.onTouch(() => {
      if (this.key === null) return
      this.#use.touched = this.#parts.now()
      this.#seen()
    })
  }

  /** Notes that somebody looks at this tab. */
  #seen(): void {
    const now = this.#parts.now()
    this.#use.seen = now
    if (now - this.#told < ALIVE_MS) return
    this.#told = now
    this.#parts.locker.post({ type: 'alive', touched: this.#use.touched })
  }

  /** Locks when it is time, else looks again when it may be. */
  #look(visible = this.#parts.visible()): void {
    this.#stop?.()
    this.#stop = null
    if (this.key === null) return
    const left = lockIn(this.#use, visible, this.#events.limits(), this.#parts.now())
    if (left <= 0) {
      void this.lockNow()
      return
    }
    if (this.#parts.visible()) this.#seen()
    this.#stop = this.#parts.after(Math.min(left + 50, LOOK_MS), () => this.#look())
  }
}

/** Returns what the lock screen may show of the configuration: whom to call. */
export function lockedConfiguration(numbers: Configuration['numbers'] | null): Configuration {
  return numbers === null ? DEFAULT_CONFIGURATION : { ...DEFAULT_CONFIGURATION, numbers }
}
