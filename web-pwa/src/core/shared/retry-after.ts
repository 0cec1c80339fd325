import { Failure, type FailureCode } from './failure.ts'

/** A refusal in which the server says how long to wait. */
export class RetryAfter extends Failure {
  readonly ms: number
  constructor(code: FailureCode, detail: string, ms: number) {
    super(code, detail)
    this.ms = ms
  }
}
