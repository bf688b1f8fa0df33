import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { composeEnvoyYaml } from '#sandbox/compose/envoy-yaml.ts'
import { CliProcess } from '#specs/support/cli-process.ts'

const { name: runtime } = inject('envoyRuntime')
const directory = await mkdtemp(join(tmpdir(), 'cli-run-'))

/** Sends a request through the gateway it finds in its environment, and ends with 7. */
const command = join(directory, 'command.mjs')
await writeFile(
  command,
  `const response = await fetch(process.env.MOESIF_GATEWAY_URL + '/echo')
   console.log(await response.text())
   const events = await fetch(process.env.MOESIF_MOCK_URL + '/_mock/events/await?count=1&timeout=10000')
   console.log('events:', (await events.json()).count)
   process.exit(7)`,
)

test('run starts a sandbox, gives the command its URLs and ends with its exit code', async () => {
  await using cli = new CliProcess(['run', '--runtime', runtime, '--', process.execPath, command])

  expect(await cli.exited).toBe(7)

  expect(cli.output).toContain('Hello from echo service')
  expect(cli.output).toContain('events: 1')
})

test('--envoy runs my own configuration, whose Moesif cluster then leads to the mock', async () => {
  const file = join(directory, 'envoy.yaml')
  const yaml = composeEnvoyYaml()
    .replace('port_value: 10000', 'port_value: 0')
    .replace('port_value: 9901', 'port_value: 0')
    .replace(
      /routes:\n(\s+)- match/,
      'routes:\n$1- match:\n$1    path: /echo\n$1  direct_response:\n$1    status: 200\n$1    body:\n$1      inline_string: my own route\n$1- match',
    )
  expect(yaml).toContain('my own route')
  await writeFile(file, yaml)
  const own = ['run', '--runtime', runtime, '--envoy', file]
  await using cli = new CliProcess(own.concat('--', process.execPath, command))

  expect(await cli.exited).toBe(7)

  expect(cli.output).toContain('my own route')
  expect(cli.output).toContain('events: 1')
})

test('run says when its command cannot be run', async () => {
  await using cli = new CliProcess(['run', '--runtime', runtime, '--', '/no/such/command'])

  expect(await cli.exited).toBe(1)

  expect(cli.errors).toContain('run: /no/such/command cannot be run')
})

test('config prints a configuration that validate finds nothing wrong with but its plain text', async () => {
  await using cli = new CliProcess(['config', '--port', '8000'])

  expect(await cli.exited).toBe(0)

  expect(cli.output).toContain('port_value: 8000')
  const file = join(directory, 'printed.yaml')
  await writeFile(file, cli.output)
  await using validate = new CliProcess(['validate', file])
  expect(await validate.exited).toBe(1)
  expect(validate.output.trim().split('\n')).toEqual([
    expect.stringMatching(/error: The cluster speaks no TLS/),
  ])
})
