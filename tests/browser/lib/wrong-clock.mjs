// A machine whose clock is wrong, for one browser and all its processes.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('wrong-clock.c', import.meta.url))

/** The environment of a process whose clock is `seconds` ahead; negative when behind. */
export function wrongClock(directory, seconds) {
  const library = join(directory, 'wrong-clock.so')
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source])
  return { LD_PRELOAD: library, LAGESBILD_CLOCK_AHEAD: String(seconds) }
}
