import { fileURLToPath } from 'node:url'

const MANIFEST = fileURLToPath(new URL('../package.json', import.meta.url))

/**
 * npm runs scripts in the project's folder, wherever it was called: paths of the user are relative to where it was called.
 *
 * @note a script of another project that runs this command gives paths relative to that project.
 */
export function workWhereCalled(): void {
  const { npm_package_json: manifest, INIT_CWD: folder } = process.env
  if (manifest === MANIFEST && folder !== undefined) process.chdir(folder)
}
