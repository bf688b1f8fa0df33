import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildPlugin } from '#plugin/build/build.ts'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'

/** One Envoy to measure. */
export interface Variant {
  name: string
  /** Null: no filter. */
  file: string | null
  options: Record<string, unknown>
}

const options = {
  moesif_application_id: 'bench-application-id',
  user_id_header: 'X-User-Id',
  company_id_header: 'X-Company-Id',
  // Names that the official build reads.
  batch_max_size: 100,
  batch_max_wait: 2000,
  upstream: 'moesif_api',
}

/** Ten, names and paths, of which two fit some members of the bodies here. */
const MASKS = [
  'password',
  'token',
  'secret',
  'ssn',
  'price',
  'authorization',
  'api_key',
  '$.card.number',
  '$.items[*].tags',
  '$..pin',
]

const fixture = (name: string) => resolve(import.meta.dirname, 'fixtures', name)

/** No filter first: the others are compared with it. `others` come as `name=file`. */
export async function variants(others: readonly string[]): Promise<Variant[]> {
  const directory = await mkdtemp(join(tmpdir(), 'moesif-bench-'))
  process.once('exit', () => rmSync(directory, { recursive: true }))
  const compiled = async (name: string) => {
    const file = join(directory, `${name}.wasm`)
    await writeFile(file, await compileFilter(fixture(`${name}.ts`)))
    return file
  }
  const plugin = (await buildPlugin()).path
  return [
    { name: 'no filter', file: null, options },
    { name: 'empty wasm filter', file: await compiled('empty'), options },
    { name: 'host calls only', file: await compiled('host-calls'), options },
    { name: 'this plugin', file: plugin, options },
    {
      name: 'this plugin, no metadata',
      file: plugin,
      options: { ...options, disable_metadata: true },
    },
    {
      name: 'this plugin, ten masks',
      file: plugin,
      options: { ...options, request_body_masks: MASKS, response_body_masks: MASKS },
    },
    ...[0, 50, 500].map((count) => ({
      name: `this plugin, ${count} rules`,
      file: plugin,
      options: {
        ...options,
        moesif_application_id: `rules-${count}`,
        enable_governance: true,
      },
    })),
    ...others.map((other) => {
      const [name = '', file] = other.split('=')
      if (!file) throw new Error(`--wasm ${other}: expected name=file`)
      return { name, file: resolve(file), options }
    }),
  ]
}
