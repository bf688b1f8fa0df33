import { readFile } from 'node:fs/promises'
import { UserError } from '../user-error.ts'
import type { EnvoyJson } from '../envoy/envoy-json.ts'
import { wording } from '../validate/finding.ts'
import { ENVOY } from '../validate/yaml/dialect.ts'
import { readYaml } from '../validate/yaml/read-yaml.ts'
import type { YamlDocument } from '../validate/yaml/yaml-document.ts'
import { configSources } from './config-sources.ts'
import { field, messages } from './proto-json.ts'

/** A file of the user's configuration: the one given, or one in which Envoy would discover more. */
export interface OwnFile {
  path: string
  /** Its name among the files that the sandbox gives Envoy. */
  name: string
  document: YamlDocument
  content: EnvoyJson
  /** `FILE:LINE` of a place in it. */
  place: (path: readonly string[]) => string
}

const FORMATS = /\.(ya?ml|json)$/i

/** The configuration, and every file that its listeners, filters, routes and clusters are discovered in. */
export async function readOwnFiles(file: string): Promise<OwnFile[]> {
  const files = [await read(file, `--envoy ${file}`, 0)]
  for (const own of files) {
    for (const { file: next, path } of configSources(own.content)) {
      const place = own.place(path)
      if (next === undefined) {
        throw new UserError(
          `${place}: this comes from a server, which might name any collector. Give it in the file, or by path_config_source.`,
        )
      }
      if (files.some((known) => known.path === next)) continue
      if (!FORMATS.test(next)) throw new UserError(`${place}: ${next} is neither YAML nor JSON`)
      files.push(await read(next, `${place}: ${next}`, files.length))
    }
  }
  return files
}

/** The listeners of all files, as they stand in them. */
export const listenersOf = (contents: EnvoyJson[]): EnvoyJson[] =>
  contents.flatMap((content) => [
    ...messages(content, 'static_resources', 'listeners'),
    ...resourcesOf(content).filter((resource) => isOf(resource, 'listener.v3.Listener')),
  ])

/** The resources of a discovery response, out of their wrappers. */
const resourcesOf = (response: EnvoyJson): EnvoyJson[] =>
  messages(response, 'resources').map(
    (resource) => (field(resource, 'resource') ?? resource) as EnvoyJson,
  )

const isOf = (resource: EnvoyJson, type: string): boolean =>
  String(resource['@type']).endsWith(type)

async function read(path: string, label: string, index: number): Promise<OwnFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${label} cannot be read: ${error.message}`)
  })
  const { documents, findings } = readYaml(path, text, ENVOY)
  const error = findings.find(({ severity }) => severity === 'error')
  if (error) throw new UserError(`${label}:${error.place.line}: ${wording(error)}`)
  const [document] = documents
  if (!document) throw new UserError(`${label}: there is nothing in it`)
  return {
    path,
    name: index === 0 ? 'envoy.json' : `discovered-${index}.json`,
    document,
    content: withoutAliases(document, label),
    place: (where) => `${label}:${document.place(toPath(where)).line}`,
  }
}

/** @note what an alias repeats is one object in memory: to be changed here and there, it must be two. */
function withoutAliases({ content }: YamlDocument, label: string): EnvoyJson {
  const copy: unknown = JSON.parse(JSON.stringify(content))
  if (typeof copy === 'object' && copy !== null && !Array.isArray(copy)) return copy as EnvoyJson
  throw new UserError(`${label}: no Envoy configuration, which is a mapping`)
}

const toPath = (path: readonly string[]): (string | number)[] =>
  path.map((step) => (/^\d+$/.test(step) ? Number(step) : step))
