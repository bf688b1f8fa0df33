/** `node mock-moesif/judgement/write-document-schemas.ts` writes the JSON schemas of what /v1/config and /v1/rules serve. */
import { writeFile } from 'node:fs/promises'
import { format } from 'prettier'
import { ConfigDocument, RulesDocument } from '../model/documents.ts'

const HEAD = { $schema: 'https://json-schema.org/draft/2020-12/schema' }

/** By the name of the file. */
export const documentSchemas = {
  'config.schema.json': { ...HEAD, ...ConfigDocument },
  'rules.schema.json': { ...HEAD, ...RulesDocument },
}

if (import.meta.main)
  for (const [name, schema] of Object.entries(documentSchemas))
    await writeFile(
      new URL(`../${name}`, import.meta.url),
      await format(JSON.stringify(schema), { filepath: name, printWidth: 100 }),
    )
