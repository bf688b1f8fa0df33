/** Answered with its status; the message says what to change. */
export class BadCall extends Error {
  readonly status: number
  readonly detail: object

  constructor(
    message: string,
    { status = 400, detail = {} }: { status?: number; detail?: object } = {},
  ) {
    super(message)
    this.status = status
    this.detail = detail
  }
}

/** The answer to an unknown id. */
export function notHeld(what: string, id: number): never {
  throw new BadCall(`${what} ${id} is not here: it never was, or the bound has dropped it`, {
    status: 404,
  })
}
