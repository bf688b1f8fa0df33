/**
 * Makes specs/istio/fixtures anew: what Istio's control plane sends to proxies for examples/istio.
 * To be run by a maintainer whenever a manifest there changes: `npm run istio:generate`.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EXAMPLES, FIXTURES, ISTIO_CASES, type IstioCase } from './cases.ts'
import { fixtureFile, manifestHashes, type IstioFixture } from './fixture.ts'
import { buildGenerator, type GeneratorProgram } from './generator-program.ts'
import { trimProxy, type GeneratedProxy } from './trim.ts'

interface Generated {
  validation: IstioFixture['validation']
  proxies: Record<string, GeneratedProxy>
}

const program = await buildGenerator()
await mkdir(FIXTURES, { recursive: true })
const scratch = await mkdtemp(join(tmpdir(), 'istio-'))
try {
  for (const one of ISTIO_CASES) {
    const fixture = await generate(program, one, scratch)
    const text = `${JSON.stringify(fixture, undefined, 1)}\n`
    await writeFile(fixtureFile(one.name), text)
    console.log(`${one.name}: ${Object.keys(fixture.proxies).join(', ')}, ${text.length} bytes`)
  }
} finally {
  await rm(scratch, { recursive: true, force: true })
}

async function generate(
  { istio, generate: ask }: GeneratorProgram,
  one: IstioCase,
  directory: string,
): Promise<IstioFixture> {
  const out = join(directory, `${one.name}.json`)
  const files = one.manifests.map((file) => fileURLToPath(new URL(file, EXAMPLES)))
  await ask(files, out)
  const generated = JSON.parse(await readFile(out, 'utf8')) as Generated
  return {
    istio,
    manifests: await manifestHashes(one),
    validation: generated.validation,
    proxies: Object.fromEntries(
      one.proxies.map((name) => {
        const proxy = generated.proxies[name]
        if (!proxy) throw new Error(`${one.name}: Istio was not asked for a proxy ${name}`)
        return [name, trimProxy(proxy)]
      }),
    ),
  }
}
