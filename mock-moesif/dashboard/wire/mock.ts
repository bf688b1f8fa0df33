import { call, type CallArguments, send } from '#mock-moesif/client/call.ts'
import { MockMoesifError, overHttp, type Transport } from '#mock-moesif/client/transport.ts'
import type { AnswerOf, OperationName } from '#mock-moesif/client/index.ts'
import { patiently } from './patiently.ts'

const once = overHttp('')

const patientTransport: Transport = async (outgoing) => {
  const { method, signal } = outgoing
  const sent = () => once(outgoing)
  try {
    return await (method === 'GET' ? patiently(sent, signal) : sent())
  } catch (reason) {
    if (signal?.aborted) throw reason
    throw new MockMoesifError(0, 'The mock does not answer. Is it still running?')
  }
}

/**
 * Calls an operation of the mock that serves this page.
 *
 * @note by its name in the contract: the client's classes would bring every operation onto the page.
 */
export function ask<Name extends OperationName>(
  name: Name,
  args: CallArguments<Name>,
): Promise<AnswerOf<Name>> {
  return call(patientTransport, name, args)
}

/** The same, with the answer as it came. */
export function askRaw<Name extends OperationName>(name: Name, args: CallArguments<Name>) {
  return send(patientTransport, name, args)
}
