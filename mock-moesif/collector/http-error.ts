/** One reason why the collector refuses a request. `pointer` is a JSON pointer into the posted document. */
export interface Problem {
  pointer: string
  message: string
}

/** Thrown inside the collector; answered with `status` and the problems as JSON. */
export class HttpError extends Error {
  readonly status: number
  readonly problems: Problem[]

  constructor(status: number, message: string, problems: Problem[] = []) {
    super(message)
    this.name = 'HttpError'
    this.status = status
    this.problems = problems
  }
}

/** The client disconnected, or stopped sending, before its body was complete: no answer can be sent. */
export class ClientDisconnected extends Error {}
