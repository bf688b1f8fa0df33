import { hostname } from 'node:os'
import { getContainerRuntimeClient, ImageName } from 'testcontainers'
import { RYUK_IMAGE } from '../images/pins.ts'

/** Containers of one run carry it: what a killed run leaves behind is found by it. */
export const RUN_LABEL = 'moesif-envoy.run'

export const runId = (): string =>
  (process.env['MOESIF_ENVOY_RUN'] ||= `${hostname()}-${process.pid}`)

/** Turns testcontainers' own clean-up container off where its image cannot be had; else no container would start. */
export async function disableReaperWithoutImage(): Promise<void> {
  if (process.env['TESTCONTAINERS_RYUK_DISABLED'] !== undefined) return
  const { image } = await getContainerRuntimeClient()
  const name = ImageName.fromString(process.env['RYUK_CONTAINER_IMAGE'] ?? RYUK_IMAGE)
  if (await image.exists(name)) return
  try {
    await image.pull(name)
  } catch {
    process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
  }
}

/** Removes the containers this run left behind. */
export async function removeContainersOfRun(): Promise<void> {
  await removeContainersOf(runId())
}

/** Removes the containers that a run has left behind; resolves with how many. */
export async function removeContainersOf(run: string): Promise<number> {
  const { container } = await getContainerRuntimeClient()
  const filters = { label: [`${RUN_LABEL}=${run}`] }
  const left = await container.dockerode.listContainers({ all: true, filters })
  for (const { Id } of left) {
    await container.dockerode.getContainer(Id).remove({ force: true, v: true })
  }
  return left.length
}
