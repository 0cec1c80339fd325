import { Failure } from '$core/field-core.ts'
import type { CoreModule } from '$core/wasm-types.ts'
import wasm from '../wasm/lagesbild_wasm_bg.wasm?url'

/** Loads the wasm core. Rejects with `core_crashed` when the browser cannot run it. */
export async function loadCore(): Promise<CoreModule> {
  try {
    const module = await import('../wasm/lagesbild_wasm.js')
    await module.default({ module_or_path: wasm })
    return module as unknown as CoreModule
  } catch (error) {
    throw new Failure('core_crashed', error instanceof Error ? error.message : '')
  }
}
