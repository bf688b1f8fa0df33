import type { ConfigDocument, Rule } from '#mock-moesif/client/index.ts'
import { ask } from '../wire/mock.ts'

/** What the collector serves to an application; typed as documented, though any JSON may have been set. */
export interface Documents {
  rules: readonly Rule[]
  config: ConfigDocument
}

export async function readDocuments(application: string): Promise<Documents> {
  const query = { app: application }
  const [rules, config] = await Promise.all([
    ask('GET /_mock/rules', { query }),
    ask('GET /_mock/config', { query }),
  ])
  return { rules, config }
}
