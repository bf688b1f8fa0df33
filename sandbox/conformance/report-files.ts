import { access, constants, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { UserError, UsageError } from '../user-error.ts'
import type { ConformanceArguments } from './command-line.ts'
import type { Judgement } from './judge-filter.ts'
import { htmlReport } from './reports/html.ts'
import { jsonReport } from './reports/json.ts'
import { junitReport } from './reports/junit.ts'

const MAKERS = {
  json: async (judgement: Judgement, other?: Judgement) => await jsonReport(judgement, other),
  junit: async (judgement: Judgement) => await junitReport(judgement),
  html: async (judgement: Judgement, other?: Judgement) => await htmlReport(judgement, other),
} as const
const NAMES = Object.keys(MAKERS) as (keyof typeof MAKERS)[]

type Given = Pick<ConformanceArguments, keyof typeof MAKERS | 'wasm' | 'compare'>

/** @throws UserError when a report could not be written: before minutes are spent on it */
export async function checkReportFiles(given: Given): Promise<void> {
  const options = new Map<string, string>()
  for (const name of ['wasm', 'compare'] as const)
    if (given[name] !== undefined) options.set(path.resolve(given[name]), name)
  for (const name of NAMES) {
    const file = given[name]
    if (file === undefined) continue
    const other = options.get(path.resolve(file))
    if (other !== undefined)
      throw new UsageError(`--${name} ${file} is the file of --${other}, too`)
    options.set(path.resolve(file), name)
    const obstacle = await obstacleTo(file)
    if (obstacle !== undefined)
      throw new UserError(`--${name} ${file} cannot be written: ${obstacle}`)
  }
}

async function obstacleTo(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined)
  if (found?.isDirectory()) return 'it is a folder. Name a file in it.'
  const folder = path.dirname(file)
  if (!found && !(await stat(folder).catch(() => undefined))?.isDirectory())
    return `there is no folder ${folder}. Make it first.`
  return await access(found ? file : folder, constants.W_OK).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  )
}

/** Writes those that can be; resolves with what went wrong with the others. */
export async function writeReports(
  given: Given,
  judgement: Judgement,
  other?: Judgement,
): Promise<string[]> {
  const failures: string[] = []
  for (const name of NAMES) {
    const file = given[name]
    if (file === undefined) continue
    try {
      await writeFile(file, await MAKERS[name](judgement, other))
    } catch (error) {
      failures.push(`--${name} ${file} cannot be written: ${(error as Error).message}`)
    }
  }
  return failures
}
