import { buildBootstrap, toYaml } from '../envoy/bootstrap.ts'
import { collectorClusterOf } from '../validate/options/collector.ts'
import { checkOptions, readOptions } from './check-options.ts'
import { checkPlugin } from './check-plugin.ts'
import type { SandboxArguments } from './command-line.ts'
import { chosenPorts, USUAL_PORTS } from './ports.ts'

const say = (line: string): boolean => process.stderr.write(`${line}\n`)

/** `config`: the Envoy configuration these options make, to read or to start one's own from. */
export async function config(given: SandboxArguments): Promise<number> {
  const { port, mockPort, adminPort } = chosenPorts(given, USUAL_PORTS)
  const file = await checkPlugin(given.plugin, say)
  const document = await readOptions(given.config)
  await checkOptions(document, file, say)
  const name = await collectorClusterOf(document.text, file)
  const bootstrap = buildBootstrap(
    {
      upstream: given.upstream ?? 'http://localhost:8080',
      collector: { name, url: `http://localhost:${mockPort}` },
      plugin: { file, options: document.text },
    },
    {
      hostAddress: '127.0.0.1',
      admin: { address: '127.0.0.1', port: adminPort },
      listener: () => ({ address: '127.0.0.1', port: port }),
      wasmPath: () => file,
    },
  )
  process.stdout.write(toYaml(bootstrap))
  return 0
}
