import { Emulator, type ConfigureOptions } from '#sandbox/emulator/index.ts'
import { Collector } from './collector.ts'

/** The emulator for the Moesif plugin: names as in the examples, and a collector that answers its calls. */
export class MoesifEmulator extends Emulator {
  readonly collector: Collector = new Collector(this.callouts)

  override configure(
    document: object | string | Uint8Array,
    options: ConfigureOptions = {},
  ): ReturnType<Emulator['configure']> {
    return super.configure(document, {
      pluginName: 'moesif_api',
      rootId: 'moesif_api_root_id',
      vmId: 'moesif_api_vm',
      // As the pages on installing have it.
      failurePolicy: 'fail_open',
      ...options,
    })
  }
}
