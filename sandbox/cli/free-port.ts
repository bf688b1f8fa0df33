import { createServer } from 'node:net'
import { UserError } from './user-error.ts'

/** @throws UserError when the port cannot be listened on */
export async function requireFreePort(option: string, port: number): Promise<void> {
  if (port === 0) return
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve)
    })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason =
      code === 'EADDRINUSE' ? 'taken' : code === 'EACCES' ? 'not allowed' : `not free (${message})`
    throw new UserError(
      `Port ${port} is ${reason}. Choose another: ${option} N, or ${option} 0 for any free one.`,
    )
  }
  await new Promise((resolve) => server.close(resolve))
}
