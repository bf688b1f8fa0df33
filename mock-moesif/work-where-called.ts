import { fileURLToPath } from 'node:url'

const MANIFEST = fileURLToPath(new URL('../package.json', import.meta.url))

/**
 * npm runs this project's scripts in its folder, wherever it was called: paths that a user gives are meant from there.
 *
 * @note another project's script that runs our command is meant from that project's folder.
 */
export function workWhereCalled(): void {
  const { npm_package_json: manifest, INIT_CWD: folder } = process.env
  if (manifest === MANIFEST && folder !== undefined) process.chdir(folder)
}
