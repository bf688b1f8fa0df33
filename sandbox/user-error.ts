/** Something the user can put right: shown as one line, without a stack. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
}

/** Arguments that contradict each other. */
export class UsageError extends UserError {
  override readonly name = 'UsageError'
}
