import {
  MockMoesifClient,
  MockMoesifError,
  overHttp,
  type Transport,
} from '#mock-moesif/client/index.ts'

/** After a failure of the network a reading is repeated after so many ms. */
const pauses = [150, 600]
const send = overHttp('')

/**
 * @note Browsers break off what is under way whenever an interface comes or goes, such as that of a container
 * (ERR_NETWORK_CHANGED); reading again is harmless and nearly always works.
 */
const patientTransport: Transport = async (call) => {
  for (const pause of call.method === 'GET' ? pauses : []) {
    try {
      return await send(call)
    } catch (reason) {
      if (call.signal?.aborted) throw reason
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  try {
    return await send(call)
  } catch (reason) {
    if (call.signal?.aborted) throw reason
    throw new MockMoesifError(0, 'The mock does not answer. Is it still running?')
  }
}

/** The mock that serves this page. */
export const mock = new MockMoesifClient('', patientTransport)
