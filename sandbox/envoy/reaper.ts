import { hostname } from 'node:os'
import { getContainerRuntimeClient, ImageName } from 'testcontainers'
import { until } from '../until.ts'
import { RYUK_IMAGE } from '../images/pins.ts'

/** Containers of one run, which may be many processes, carry it: what a killed run leaves behind is found by it. */
const RUN_LABEL = 'moesif-envoy.run'
/** Containers of one process carry it: what a killed process leaves behind is found by it. */
const PROCESS_LABEL = 'moesif-envoy.process'
/** A busy Docker engine takes seconds for one. */
const REMOVED_WITHIN_MS = 30_000

export const processId = (pid = process.pid): string => `${hostname()}-${pid}`

export const runId = (): string => (process.env['MOESIF_ENVOY_RUN'] ||= processId())

/** What each container carries. */
export const containerLabels = (): Record<string, string> => ({
  [RUN_LABEL]: runId(),
  [PROCESS_LABEL]: processId(),
})

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

/** Removes the containers that a run left behind. @param id of another run than this one: that of its first process, see `processId` */
export async function removeContainersOfRun(id = runId()): Promise<void> {
  await removeContainers(RUN_LABEL, id)
}

/** Removes the containers that a process has left behind; resolves with how many. @param id see `processId` */
export async function removeContainersOfProcess(id: string): Promise<number> {
  return await removeContainers(PROCESS_LABEL, id)
}

/** Removes them until none is there: one may be on its way to start, or to be removed. */
async function removeContainers(label: string, value: string): Promise<number> {
  const { container } = await getContainerRuntimeClient()
  const filters = { label: [`${label}=${value}`] }
  const found = new Set<string>()
  await until(
    async () => {
      const left = await container.dockerode.listContainers({ all: true, filters })
      for (const { Id } of left) {
        found.add(Id)
        await container.dockerode
          .getContainer(Id)
          .remove({ force: true, v: true })
          .catch(ignoreGone)
      }
      return left.length === 0
    },
    {
      what: `Containers of ${value} could not be removed`,
      timeoutMs: REMOVED_WITHIN_MS,
      everyMs: 100,
    },
  )
  return found.size
}

/** Not there any more, or being removed. */
function ignoreGone(error: unknown): void {
  const { statusCode } = error as { statusCode?: number }
  if (statusCode !== 404 && statusCode !== 409) throw error
}
