import { glob, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseSource } from '../parse-source.ts'
import { actingGetters, markPlaces, type MarkedSource } from './mark-places.ts'
import { MAGIC } from './place-set.ts'

const ASSEMBLY = 'plugin/assembly'
const REGION = 'places-region'

export interface MarkedSources {
  sources: MarkedSource[]
  /** How many places there are in all of them. */
  count: number
}

/** Every source of the plugin with marks in it; places have numbers from 0. */
export async function markSources(project: string): Promise<MarkedSources> {
  const files: string[] = []
  for await (const file of glob(`${ASSEMBLY}/**/*.ts`, { cwd: project })) files.push(file)
  const texts = new Map<string, string>()
  for (const file of files.sort()) texts.set(file, await readFile(path.join(project, file), 'utf8'))
  const getters = new Set<string>()
  for (const [file, text] of texts)
    for (const name of actingGetters(parseSource(text, file))) getters.add(name)
  const sources: MarkedSource[] = []
  let count = 0
  for (const [file, text] of texts) {
    const { marked, count: more } = markPlaces(text, file, count, mark, getters)
    sources.push({ ...marked, text: `${importOfRegion(file)}${marked.text}` })
    count += more
  }
  return { sources, count }
}

/** Puts them into a copy of the project, with the module that has the bytes which they mark. */
export async function writeMarkedSources(
  root: string,
  { sources, count }: MarkedSources,
): Promise<void> {
  for (const { file, text } of sources) await writeFile(path.join(root, file), text)
  const bytes = [...MAGIC, ...Array.from({ length: count }, () => 0)]
  const region = `const region = memory.data<u8>([${bytes.join()}])
export const MARKED_PLACES: usize = region + ${MAGIC.length}
`
  await writeFile(path.join(root, ASSEMBLY, `${REGION}.ts`), region)
}

const mark = (place: number): string => `store<u8>(MARKED_PLACES,1,${place});`

function importOfRegion(file: string): string {
  const folder = path.relative(path.dirname(file), ASSEMBLY) || '.'
  return `import { MARKED_PLACES } from '${folder}/${REGION}';`
}
