import { asFailure, type FailureCode } from '$core/shared/failure.ts'

/** Something that is done at the desk: whether it is under way, and why it failed. */
export class Attempt {
  busy = $state(false)
  failure = $state<FailureCode | null>(null)
  /** What the server said besides. */
  detail = $state('')

  /** Carries out `work`. Returns whether it went well. */
  async run(work: () => Promise<void>): Promise<boolean> {
    this.busy = true
    this.failure = null
    this.detail = ''
    try {
      await work()
      return true
    } catch (error) {
      const { code, detail } = asFailure(error)
      this.failure = code
      this.detail = detail
      return false
    } finally {
      this.busy = false
    }
  }
}
