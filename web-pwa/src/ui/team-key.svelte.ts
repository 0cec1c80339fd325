/** The draft that holds the phone's team key: sealed with the rest of what is on the phone. */
export const TEAM_KEY_DRAFT = 'team-key'

/** A team key that came in a link and waits for the phone to be open. */
class Arrived {
  key = $state<string | null>(null)
}

export const arrived = new Arrived()
