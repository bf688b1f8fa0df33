import { readFile } from 'node:fs/promises'
import { buildPlugin } from '#plugin/build/build.ts'
import { UserError } from '../user-error.ts'
import { judgeModule } from '../validate/module/judge-module.ts'

/** The path of a .wasm that Envoy would load: the given one, or else our own, built when it is stale. */
export async function checkPlugin(
  file: string | undefined,
  onProgress: (step: string) => void,
  option = '--plugin',
): Promise<string> {
  if (file === undefined) {
    const { path, rebuilt, size } = await buildPlugin()
    if (rebuilt) onProgress(`Built the plugin (${size} bytes)`)
    return path
  }
  const wasm = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'ENOENT'
        ? `${option} ${file}: there is no such file. \`npm run build\` makes plugin/dist/moesif_envoy_wasm_plugin.wasm.`
        : `${option} ${file} cannot be read: ${error.message}`,
    )
  })
  const finding = judgeModule(wasm)
  if (finding !== undefined) throw new UserError(`${option} ${file} ${finding}`)
  return file
}
