/** On which tabs, and the service worker, tell each other about the lock. */
export const LOCK_CHANNEL = 'lagesbild-lock'
