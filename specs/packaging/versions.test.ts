import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { ENVOY_VERSION, ENVOY_WHEELS } from '#sandbox/images/pins.ts'

const ROOT = new URL('../../', import.meta.url)
const pinned = Object.keys(ENVOY_WHEELS)

test('the Envoys of docs/compatibility.md are those that are pinned', async () => {
  const page = await read('docs/compatibility.md')

  const versions = [...page.matchAll(/^\| (\d+\.\d+\.\d+) \|/gm)].map(([, version]) => version)

  expect(versions.toSorted()).toEqual(pinned.toSorted())
})

test('the test workflow runs the other Envoys, as the default one is run anyhow', async () => {
  const workflow = parse(await read('.github/workflows/test.yml')) as {
    jobs: { 'envoy-versions': { strategy: { matrix: { envoy: string[] } } } }
  }

  const { envoy } = workflow.jobs['envoy-versions'].strategy.matrix

  expect([...envoy, ENVOY_VERSION].toSorted()).toEqual(pinned.toSorted())
})

test.each(['test', 'release'])('the %s workflow calls scripts that exist', async (name) => {
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }
  const text = await read(`.github/workflows/${name}.yml`)

  const called = [...text.matchAll(/npm (?:run )?(test|check|package|build)\b/g)].map(
    ([, script = '']) => script,
  )

  expect(called).toContain('test')
  expect(called.filter((script) => !(script in scripts))).toEqual([])
})

/** Builds for other platforms that npm's registry names and does not have; npm passes optional packages over that it can't get. */
const NOT_PUBLISHED = /^node_modules\/@yuku-toolchain\/(darwin|linux-arm64|win32)/

test('every locked package has a digest to hold what is downloaded against', async () => {
  const { packages } = JSON.parse(await read('package-lock.json')) as {
    packages: Record<string, { integrity?: string }>
  }

  const without = Object.entries(packages)
    .filter(([path, { integrity }]) => path !== '' && integrity === undefined)
    .map(([path]) => path)

  expect(without.filter((path) => !NOT_PUBLISHED.test(path))).toEqual([])
})

const read = async (file: string): Promise<string> => await readFile(new URL(file, ROOT), 'utf8')
