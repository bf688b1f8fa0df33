import { Ajv2020, type JSONSchemaType } from 'ajv/dist/2020.js'
import type { ForwardSpec } from './forwarding.ts'
import type { GatewaySpec } from './gateway.ts'
import { BadCall } from './router.ts'
import { schemas } from './schemas.ts'
import type { FaultSpec, VerifySpec } from './types.ts'

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strict: false })

/** A reader of documents that callers send: what does not fit is refused with every reason. */
function reader<T>(name: keyof typeof schemas): (document: unknown) => T {
  const fits = ajv.compile<T>(schemas[name] as unknown as JSONSchemaType<T>)
  return (document) => {
    if (fits(document)) return document
    const problems = (fits.errors ?? []).map(({ instancePath, message, params }) => {
      const extra = params['additionalProperty'] as string | undefined
      return { pointer: instancePath, message: `${message}${extra ? `: ${extra}` : ''}` }
    })
    const [first] = problems
    throw new BadCall(
      `The document does not fit: ${first?.pointer ?? ''} ${first?.message ?? ''}`.trim(),
      {
        detail: { problems },
      },
    )
  }
}

export const faultSpec = reader<FaultSpec>('FaultSpec')
export const forwardSpec = reader<ForwardSpec>('ForwardSpec')
export const gatewaySpec = reader<GatewaySpec>('GatewaySpec')
export const verifySpec = reader<VerifySpec>('VerifySpec')
