/** `npm run package [-- DIRECTORY]`: makes release/ (or another folder) and says what is in it. */
import { resolve } from 'node:path'
import { makeRelease } from './release.ts'

const directory = resolve(process.argv[2] ?? 'release')
const { version, wasm, images, checksums } = await makeRelease(directory)
console.log(`${directory}: version ${version}`)
for (const [file, hash] of Object.entries(checksums)) console.log(`  ${hash}  ${file}`)
for (const { tag, digest } of images) console.log(`  oci:${tag}  ${digest}`)
console.log(`  ${wasm.file}: ${wasm.bytes} bytes`)
