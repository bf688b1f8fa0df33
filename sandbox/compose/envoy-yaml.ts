import { writeFile } from 'node:fs/promises'
import { buildBootstrap, toYaml } from '../envoy/bootstrap.ts'

const HEADER = `# Made by the sandbox's configuration builder; a spec says when it is stale:
#   npm run generate
`

/** The Envoy configuration of docker-compose.yaml. */
export function composeEnvoyYaml(): string {
  const bootstrap = buildBootstrap(
    {
      upstream: 'http://echo:8080',
      collector: 'http://mock-moesif:9000',
      plugin: {
        options: {
          moesif_application_id: 'compose-application-id',
          user_id_header: 'X-User-Id',
          company_id_header: 'X-Company-Id',
          enable_governance: true,
          batch_max_size: 10,
          batch_max_wait: 1000,
        },
      },
    },
    {
      hostAddress: '127.0.0.1',
      admin: { address: '0.0.0.0', port: 9901 },
      listener: () => ({ address: '0.0.0.0', port: 10_000 }),
      wasmPath: () => '/plugin/moesif_envoy_wasm_plugin.wasm',
    },
  )
  return HEADER + toYaml(bootstrap)
}

if (import.meta.main) {
  await writeFile(new URL('./envoy.yaml', import.meta.url), composeEnvoyYaml())
  console.log('sandbox/compose/envoy.yaml')
}
