/** @param {string} line */
export const say = (line) => process.stderr.write(`${line}\n`)
