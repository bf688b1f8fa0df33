import { availableImage } from './available-image.ts'
import { ENVOY_VERSION, envoyImage, NODE_IMAGE } from './pins.ts'

/** `npm run images`: has every image of docker-compose.yaml at hand before it is needed. */
for (const image of [envoyImage(ENVOY_VERSION), NODE_IMAGE]) {
  await availableImage(image, (step) => process.stdout.write(`${step}\n`))
  process.stdout.write(`${image}: there\n`)
}
