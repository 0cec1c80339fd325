import { Failure } from '$core/field-core.ts'
import type { CoreModule } from '$core/wasm-types.ts'

/** Loads the wasm core. Rejects with `core_crashed` when the browser cannot run it. */
export async function loadCore(): Promise<CoreModule> {
  try {
    const module = await import('../wasm/lagesbild_wasm.js')
    await module.default()
    return module as unknown as CoreModule
  } catch (error) {
    throw new Failure('core_crashed', error instanceof Error ? error.message : '')
  }
}
