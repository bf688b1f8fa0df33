import { buildBootstrap, COLLECTOR_CLUSTER, toYaml } from '../envoy/bootstrap.ts'
import { checkOptions, readOptions } from './check-options.ts'
import { checkPlugin } from './check-plugin.ts'
import type { CommandLine } from './command-line.ts'

const say = (line: string): boolean => process.stderr.write(`${line}\n`)

/** `config`: the Envoy configuration these options make, to read or to start one's own from. */
export async function config(commandLine: CommandLine): Promise<number> {
  const file = await checkPlugin(commandLine.plugin, say)
  const document = await readOptions(commandLine.config)
  const options = await checkOptions(document, file, say)
  const name = typeof options['upstream'] === 'string' ? options['upstream'] : COLLECTOR_CLUSTER
  const bootstrap = buildBootstrap(
    {
      upstream: commandLine.upstream ?? 'http://localhost:8080',
      collector: { name, url: `http://localhost:${commandLine.mockPort}` },
      plugin: { file, options: document.text },
    },
    {
      hostAddress: '127.0.0.1',
      admin: { address: '127.0.0.1', port: commandLine.adminPort },
      listener: () => ({ address: '127.0.0.1', port: commandLine.port }),
      wasmPath: () => file,
    },
  )
  process.stdout.write(toYaml(bootstrap))
  return 0
}
