import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PluginNotBuilt } from '#mock-moesif/model/try-it.ts'
import type { EmulatorOptions, MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'

const WASM = fileURLToPath(
  new URL('../../plugin/dist/moesif_envoy_wasm_plugin.wasm', import.meta.url),
)

/**
 * The plugin's own module, in the emulator.
 * @throws PluginNotBuilt
 */
export async function loadPlugin(options: EmulatorOptions): Promise<MoesifEmulator> {
  await access(WASM).catch(() => {
    throw new PluginNotBuilt('The plugin is not built: run `npm run build` first.')
  })
  // Loaded late: most mocks never need the emulator.
  const emulated = await import('#sandbox/emulated-plugin/index.ts')
  return await emulated.MoesifEmulator.load(WASM, options)
}
