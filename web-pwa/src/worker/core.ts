import { Failure } from '$core/shared/failure.ts'
import type { CoreModule } from '$core/outreach/wasm-types.ts'
import init, * as core from '../wasm/lagesbild_wasm.js'
import wasm from '../wasm/lagesbild_wasm_bg.wasm?url'

/** Loads the wasm core. Rejects with `core_crashed` when the browser cannot run it. */
export async function loadCore(): Promise<CoreModule> {
  try {
    await init({ module_or_path: wasm })
    return core as unknown as CoreModule
  } catch (error) {
    throw new Failure('core_crashed', error instanceof Error ? error.message : '')
  }
}
