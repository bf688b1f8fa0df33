import { getContainerRuntimeClient, ImageName } from 'testcontainers'
import { buildStandIn } from './build-stand-in.ts'

/** Makes sure that the image is there: found, pulled, or a stand-in of the same name where no registry answers. */
export async function availableImage(
  image: string,
  onProgress?: (step: string) => void,
): Promise<string> {
  const { image: images } = await getContainerRuntimeClient()
  const name = ImageName.fromString(image)
  if (await images.exists(name)) return image
  try {
    onProgress?.(`Pulling ${image}`)
    await images.pull(name)
  } catch (error) {
    onProgress?.(`Building a stand-in for ${image} (${(error as Error).message})`)
    await buildStandIn(image)
  }
  return image
}
