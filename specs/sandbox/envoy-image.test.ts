import { getContainerRuntimeClient } from 'testcontainers'
import { expect, inject, test } from 'vitest'
import { EnvoyImage } from '#sandbox/envoy/envoy-image.ts'
import { ENVOY_VERSION, envoyImage } from '#sandbox/images/pins.ts'

const { name, hostAddress } = inject('envoyRuntime')
const isContainer = name === 'container'
const reason = isContainer ? '' : ' (skipped: it needs a Docker engine)'

/** Its Envoy has ended before testcontainers looks at its ports, as a quick one does on a slow machine. */
class QuickEnvoy extends EnvoyImage {
  constructor() {
    super(envoyImage(ENVOY_VERSION), hostAddress)
    const created = this.containerCreated
    this.containerCreated = async (id) => {
      await created(id)
      const container = (await getContainerRuntimeClient()).container.getById(id)
      await container.start()
      await container.wait()
      throw new Error('It has ended.')
    }
  }
}

test.skipIf(!isContainer)(
  `the log of an Envoy that ended at once is not lost${reason}`,
  async () => {
    const image = new QuickEnvoy()
    image.withConfiguration({ upstream: { url: [] } }, '{"no": "configuration"}')
    await expect(image.start()).rejects.toThrow('It has ended.')

    expect(await image.removeLeftover()).toMatch(/error `[^]*` initializing config/)
    await expect(image.removeLeftover()).rejects.toThrow(/no such container/i)
  },
)
