import { readFile } from 'node:fs/promises'
import { headingAnchor } from '../sources.ts'
import type { Source } from '../sentence.ts'

const PROJECT = new URL('../../../', import.meta.url)

/** A rule of this project, as a reader of the report gets it. */
export interface Rule {
  url: string
  anchor: string
  title: string
  /** The Markdown below its heading. */
  text: string
}

const isPage = ({ url }: Source): boolean => !/^https?:/.test(url)

/** The cited sections of this project's pages. */
export async function readRules(sources: readonly Source[]): Promise<Rule[]> {
  const cited = new Map(sources.filter(isPage).map((source) => [source.url, source]))
  return await Promise.all(
    [...cited.values()].map(async ({ url, title }) => {
      const [page = '', heading = ''] = url.split('#')
      const text = sectionOf(await readFile(new URL(page, PROJECT), 'utf8'), heading)
      if (text === undefined) throw new Error(`${page} has no heading #${heading}`)
      return { url, title, text, anchor: url.replaceAll(/\W+/g, '-') }
    }),
  )
}

/** For readers without a checkout: a page of this project has no public address. */
export const citation = (source: Source): string =>
  isPage(source)
    ? `this project, ${source.title}`
    : `${source.kind}: ${source.title}, ${source.url}`

/** Where a source is found by a reader of the page. */
export const ruleAnchor = ({ url }: Source, rules: readonly Rule[]): string => {
  const rule = rules.find((one) => one.url === url)
  return rule ? `#${rule.anchor}` : url
}

/** From a heading to the next one that is not below it. */
function sectionOf(page: string, wanted: string): string | undefined {
  const lines = page.split('\n')
  const start = lines.findIndex(
    (line) => levelAt(line) > 0 && headingAnchor(line.replace(/^#+ /, '')) === wanted,
  )
  if (start === -1) return undefined
  const level = levelAt(lines[start]!)
  const end = lines.findIndex(
    (line, index) => index > start && levelAt(line) > 0 && levelAt(line) <= level,
  )
  return lines
    .slice(start + 1, end === -1 ? undefined : end)
    .join('\n')
    .trim()
}

const levelAt = (line: string): number => /^#+(?= )/.exec(line)?.[0].length ?? 0
