import { execFile } from 'node:child_process'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { addCertificates, CA_BUNDLE } from './certificates.ts'
import { NPM_VERSION } from './pins.ts'
import { RootFilesystem } from './root-filesystem.ts'
import type { StandIn } from './stand-in.ts'

const run = promisify(execFile)

/** Enough of a user land for `npm ci`, `npm run` and a shell in compose files. */
const TOOLS = [
  'sh',
  'env',
  'cat',
  'chown',
  'cp',
  'id',
  'ls',
  'mkdir',
  'mv',
  'rm',
  'sleep',
  'stat',
  'test',
  'touch',
  'true',
]

/** What native modules of npm packages load. */
const LIBRARIES = [
  'libdl.so.2',
  'libgcc_s.so.1',
  'libm.so.6',
  'libpthread.so.0',
  'librt.so.1',
  'libstdc++.so.6',
]

const DIRECTORIES = ['/bin', '/usr/bin', '/usr/local/bin']

/** Node as this process runs it, npm from its registry, a shell from this machine. */
export async function nodeStandIn(): Promise<StandIn> {
  const files = new RootFilesystem()
  await files.addBinary('/usr/local/bin/node', process.execPath)
  for (const tool of TOOLS) {
    const source = await which(tool)
    if (source) await files.addBinary(`/bin/${tool}`, source)
  }
  await files.addLibraries(LIBRARIES)
  files.addLink('/usr/bin/env', '/bin/env')
  await addNpm(files)
  await addCertificates(files)
  files
    .addDirectory('/tmp', 0o1777)
    .addDirectory('/root')
    .addDirectory('/home/node', 0o777)
    .add('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n')
    .add('/etc/group', 'root:x:0:\nnode:x:1000:\n')
    .add('/etc/nsswitch.conf', 'hosts: files dns\n')
  return {
    files,
    changes: [
      `ENV PATH=${DIRECTORIES.toReversed().join(':')} NODE_EXTRA_CA_CERTS=${CA_BUNDLE}`,
      'CMD ["node"]',
    ],
  }
}

async function addNpm(files: RootFilesystem): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'npm-package-'))
  try {
    await run('npm', ['install', '--prefix', directory, '--no-save', `npm@${NPM_VERSION}`])
    await files.addTree('/usr/local/lib/node_modules/npm', join(directory, 'node_modules/npm'))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  files
    .addLink('/usr/local/bin/npm', '../lib/node_modules/npm/bin/npm-cli.js')
    .addLink('/usr/local/bin/npx', '../lib/node_modules/npm/bin/npx-cli.js')
}

async function which(tool: string): Promise<string | undefined> {
  for (const directory of [...(process.env['PATH'] ?? '').split(delimiter), ...DIRECTORIES]) {
    const found = await realpath(join(directory, tool)).catch(() => undefined)
    if (found) return found
  }
  return undefined
}
