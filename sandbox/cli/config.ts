import { buildBootstrap, toYaml } from '../envoy/bootstrap.ts'
import { collectorClusterOf } from '../validate/options/collector.ts'
import { checkOptions, readOptions } from './check-options.ts'
import { checkPlugin } from './check-plugin.ts'
import { UsageError } from '../user-error.ts'
import type { SandboxArguments } from './command-line.ts'
import { chosenPorts, portsOfOptions, requireDifferentPorts, USUAL_PORTS } from './ports.ts'

const say = (line: string): boolean => process.stderr.write(`${line}\n`)

/** `config`: the Envoy configuration these options make, to read or to start one's own from. */
export async function config(given: SandboxArguments): Promise<number> {
  const ports = chosenPorts(given, USUAL_PORTS)
  requireDifferentPorts(portsOfOptions(ports))
  if (ports.mockPort === 0) {
    throw new UsageError(
      '--mock-port 0: the configuration has to name the port. Give one, 1 to 65535.',
    )
  }
  const { port, mockPort, adminPort } = ports
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
