import { hostname } from 'node:os'
import { getContainerRuntimeClient, ImageName } from 'testcontainers'
import { RYUK_IMAGE } from '../images/pins.ts'
import { isAlive } from './run-directory.ts'

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
  await removeContainers((run) => run === runId())
}

/** Removes the containers of runs of this machine that were killed; resolves with how many. */
export async function removeLeftContainers(): Promise<number> {
  return await removeContainers((run) => {
    const pid = run.startsWith(`${hostname()}-`) && Number(/\d+$/.exec(run)?.[0])
    return Boolean(pid) && !isAlive(Number(pid))
  })
}

async function removeContainers(ofRun: (run: string) => boolean): Promise<number> {
  const { container } = await getContainerRuntimeClient()
  const filters = { label: [RUN_LABEL] }
  const all = await container.dockerode.listContainers({ all: true, filters })
  const left = all.filter(({ Labels }) => ofRun(Labels[RUN_LABEL] ?? ''))
  for (const { Id } of left) {
    await container.dockerode.getContainer(Id).remove({ force: true, v: true })
  }
  return left.length
}
