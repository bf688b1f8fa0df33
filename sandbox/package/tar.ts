import { pack } from 'tar-stream'
import { buffer } from 'node:stream/consumers'

/** A tar of one file, the same bytes whenever and wherever it is made. */
export async function tarOf(name: string, content: Buffer): Promise<Buffer> {
  const archive = pack()
  archive.entry({ name, mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) }, content)
  archive.finalize()
  return await buffer(archive)
}
