import { call, type CallArguments, send } from '#mock-moesif/client/call.ts'
import { MockMoesifError, overHttp, type Transport } from '#mock-moesif/client/transport.ts'
import type { AnswerOf, OperationName } from '#mock-moesif/client/index.ts'

/** Milliseconds before each repetition of a read that failed in the network. */
const pauses = [150, 600]
const once = overHttp('')

/**
 * @note Browsers break off what is under way whenever an interface comes or goes, such as that of a container
 * (ERR_NETWORK_CHANGED); reading again is harmless and nearly always works.
 */
const patientTransport: Transport = async (outgoing) => {
  for (const pause of outgoing.method === 'GET' ? pauses : []) {
    try {
      return await once(outgoing)
    } catch (reason) {
      if (outgoing.signal?.aborted) throw reason
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  try {
    return await once(outgoing)
  } catch (reason) {
    if (outgoing.signal?.aborted) throw reason
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
