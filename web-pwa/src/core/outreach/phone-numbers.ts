/** Which of the closed list's parties a number of the configuration reaches. */
import type { Callee } from '../shared/model.ts'

const BY_ID: Readonly<Record<string, Callee>> = {
  emergency: 'emergency',
  duty_service: 'duty_service',
  socialjouren: 'duty_service',
  eu_team: 'eu_team',
  'eu-teamet': 'eu_team',
  police: 'police',
  care: 'care_advice',
  care_advice: 'care_advice',
}

/** Returns who a number reaches; `other` when the closed list has no code for them. */
export function calleeOf(id: string): Callee {
  return BY_ID[id] ?? 'other'
}

/** Returns a number as it is dialled. */
export function dialled(number: string): string {
  return number.replace(/[^\d+]/g, '')
}
