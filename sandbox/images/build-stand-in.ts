import { getContainerRuntimeClient } from 'testcontainers'
import { envoyStandIn } from './envoy-stand-in.ts'
import { nodeStandIn } from './node-stand-in.ts'
import { envoyImage, NODE_IMAGE } from './pins.ts'
import type { StandIn } from './stand-in.ts'

/** Marks an image as ours; `docker image inspect` shows it. */
const STAND_IN_LABEL = 'moesif-envoy.stand-in'

/** Builds an image of that name from what this machine has and package registries give, where no image registry answers. */
export async function buildStandIn(image: string): Promise<void> {
  const { files, changes } = await recipe(image)
  const { container } = await getContainerRuntimeClient()
  const [repo, tag] = splitAt(image, image.lastIndexOf(':'))
  const answer = await container.dockerode.importImage(files.toTar(), {
    repo,
    tag,
    changes: [...changes, `LABEL ${STAND_IN_LABEL}="not the published image ${image}"`],
  })
  await new Promise<void>((resolve, reject) => {
    container.dockerode.modem.followProgress(answer, (error) => (error ? reject(error) : resolve()))
  })
}

async function recipe(image: string): Promise<StandIn> {
  const [prefix] = splitAt(envoyImage('*'), envoyImage('*').indexOf('*'))
  if (image.startsWith(prefix)) return await envoyStandIn(image.slice(prefix.length))
  if (image === NODE_IMAGE) return await nodeStandIn()
  throw new Error(
    `${image} can neither be pulled nor made here. Pull it on a machine that reaches a registry, then docker save and load it.`,
  )
}

const splitAt = (text: string, index: number): [string, string] => [
  text.slice(0, index),
  text.slice(index + 1),
]
