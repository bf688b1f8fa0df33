import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { writeNpmPackage } from '#sandbox/package/npm-package.ts'
import { nestedVitest } from '#specs/support/nested-vitest.ts'

const run = promisify(execFile)
const repository = path.resolve(import.meta.dirname, '../..')
const NPM = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund']

/** Uses handlers and matchers. */
const THEIR_TEST = `
import { setupServer } from 'msw/node'
import { expect, test } from 'vitest'
import { moesifHandlers } from 'moesif-envoy/handlers'
import 'moesif-envoy/matchers'
test('theirs', async () => {
  await using moesif = moesifHandlers()
  const server = setupServer(...moesif)
  server.listen()
  const answer = await fetch('https://api.moesif.net/v1/events/batch', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'theirs' },
    body: '[]',
  })
  server.close()
  expect(answer.status).toBe(201)
  await expect(moesif.application('theirs')).toHaveNoEvents()
  await expect(expect(moesif.application('theirs')).toHaveEvents({ timeout: 1 })).rejects.toThrow(/No event of this/)
})
`

/** Uses the types of every entry. */
const THEIR_TYPES = `
import { startMockMoesif, type AwaitOptions, type FaultSpec } from 'moesif-envoy/mock'
import { moesifHandlers } from 'moesif-envoy/handlers'
import { MockMoesifClient } from 'moesif-envoy/client'
import { moesifMatchers } from 'moesif-envoy/matchers'
import { EnvoyContainer } from 'moesif-envoy/envoy'
import { Emulator } from 'moesif-envoy/emulator'
import { emulatorMatchers } from 'moesif-envoy/emulator/matchers'
import { expect } from 'vitest'
const options: AwaitOptions = { count: 1, where: 'user:u1' }
const fault: FaultSpec = { status: 503 }
export async function use(): Promise<string> {
  await using moesif = await startMockMoesif({ port: 0 })
  await moesif.application('a').faults.add(fault)
  await expect(moesif.application('a')).toHaveEvents(options)
  const [event] = await moesif.application('a').awaitEvents(options)
  // @ts-expect-error the URI is a text
  const wrong: number = event!.event.request.uri
  void [moesifHandlers().handlers, MockMoesifClient, moesifMatchers, EnvoyContainer, Emulator, emulatorMatchers, wrong]
  return event!.event.request.uri
}
`

/** An empty project of somebody else, with our tarball installed and what is theirs to have: vitest and TypeScript. */
export class TheirProject implements AsyncDisposable {
  readonly #folder: string
  readonly directory: string

  private constructor(folder: string) {
    this.#folder = folder
    this.directory = path.join(folder, 'project')
  }

  /** @param packages what they install; default: vitest and TypeScript as they are here */
  static async create(packages: readonly string[] = []): Promise<TheirProject> {
    const theirs = new TheirProject(await mkdtemp(path.join(tmpdir(), 'moesif-envoy-package-')))
    const folder = theirs.#folder
    await writeNpmPackage(repository, folder)
    const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))!
    await mkdir(theirs.directory)
    await theirs.write('package.json', '{ "name": "theirs", "private": true, "type": "module" }')
    const wanted = [path.join(folder, tarball), ...packages]
    await theirs.#install(wanted)
    if (packages.length === 0) {
      for (const name of ['vitest', 'typescript']) await theirs.#link(name)
    }
    return theirs
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(path.join(this.directory, file), text)
  }

  /** Runs a module, and resolves with what it printed. */
  async node(...args: string[]): Promise<string> {
    const env = { ...process.env, NO_COLOR: '1' }
    const { stdout } = await run(process.execPath, args, { cwd: this.directory, env })
    return stdout
  }

  /** Runs their own vitest on a test that uses handlers and matchers. */
  async vitest(): Promise<string> {
    await this.write('theirs.test.js', THEIR_TEST)
    return await nestedVitest(this.directory, path.join(this.directory, 'node_modules'))
  }

  /** Checks types as strictly as can be, those of packages included. */
  async checkTypes(): Promise<void> {
    await this.write('types.ts', THEIR_TYPES)
    const options =
      '--noEmit --strict --skipLibCheck false --target es2024 --lib es2024,esnext.disposable,dom --module nodenext --types node'
    await this.node('node_modules/typescript/bin/tsc', ...options.split(' '), 'types.ts').catch(
      (error: { stdout: string }) => {
        throw new Error(error.stdout)
      },
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  /**
   * Installs packages. npm 11.19 with Node 26.10 once stood still in the middle of our tarball, without end and without a
   * word: what takes more than a minute is ended and started anew, twice.
   */
  async #install(packages: readonly string[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await run('npm', ['install', ...NPM, ...packages], {
          cwd: this.directory,
          timeout: 60_000,
          killSignal: 'SIGKILL',
        })
        return
      } catch (error) {
        if (!(error as { killed?: boolean }).killed || attempt === 3) throw error
        await rm(path.join(this.directory, 'node_modules'), { recursive: true, force: true })
      }
    }
  }

  async #link(name: string): Promise<void> {
    const modules = path.join('node_modules', name)
    await symlink(path.join(repository, modules), path.join(this.directory, modules))
  }
}
