import { defineConfig, type Plugin } from 'vite'

/** Where `npm run dev:dashboard` finds a running mock. */
const mock = process.env['MOCK_MOESIF_URL'] ?? 'http://127.0.0.1:9000'

/**
 * A chunk that is loaded later has no styles of its own here: what Vite puts around its import, for styles, preloads and nonces,
 * would be half a kilobyte for nothing.
 * @note The id is internal to Vite. Were it another, Vite's own helper would be used.
 */
const plainImport: Plugin = {
  name: 'plain-import',
  enforce: 'pre',
  load: (id) =>
    id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : undefined,
}

/** Elements are made by `h(type, props, …children)`: calls of the automatic runtime name their children, and are 1 % longer compressed. */
const shortElements: Plugin = {
  name: 'short-elements',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('.tsx')
      ? { code: `${code}\nimport { Fragment, h } from 'preact'\n`, map: null }
      : undefined,
}

/**
 * What nothing on this page uses of the libraries, by the file it is in: life cycles of classes and suspended components; signals that
 * are put into an element as they are, without `.value`, or are written as text or JSON. The minifier folds what asks for them.
 * @note Where a later version is written differently, all of it stays.
 */
const unused: [file: RegExp, text: RegExp, instead: string][] = [
  [
    /\/preact\/dist\/preact\.mjs$/,
    /\b\w+\.(?:getDerivedState\w+|getSnapshotBeforeUpdate|getChildContext|contextType|component(?:Will(?:Mount|Update|ReceiveProps)|Did\w+)|then)\b/g,
    'undefined',
  ],
  [/\/signals\/dist\/signals\.mjs$/, /"string"==typeof \w+\.type/g, 'false'],
  [
    /\/signals-core\/dist\/signals-core\.mjs$/,
    /\b\w+\.prototype\.(?:subscribe|toJSON|valueOf|toString)=function\(\w?\)\{.*?\};(?=\w+\.prototype)/g,
    '',
  ],
  // What developer tools call a component.
  [
    /\/signals\/dist\/signals\.mjs$/,
    /"function"==typeof \w+\.type\?\w+\.type\.displayName\|\|\w+\.type\.name:""/g,
    '""',
  ],
  [/\/signals\/dist\/signals\.mjs$/, /!!window\.__PREACT_SIGNALS_DEVTOOLS__/g, 'false'],
  [
    /\/signals\/dist\/signals\.mjs$/,
    /\w+\.displayName="ReactiveTextNode";Object\.defineProperties\(.*?__b:\{configurable:!0,value:1\}\}\);/g,
    '',
  ],
]

const leanLibraries: Plugin = {
  name: 'lean-libraries',
  apply: 'build',
  transform: (code, id) => {
    const own = unused.filter(([file]) => file.test(id))
    if (own.length === 0) return undefined
    return { code: own.reduce((text, [, what, by]) => text.replace(what, by), code), map: null }
  },
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [plainImport, shortElements, leanLibraries],
  // The libraries for browsers of today, not those for older ones.
  resolve: { conditions: ['module', 'import', 'production'] },
  oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // Those that know popovers and `Map.groupBy`, which the page needs, know `light-dark()`, too.
    cssTarget: ['chrome125', 'firefox126', 'safari18'],
    modulePreload: false,
    // A picture or style inlined as a data: URL would need a looser policy.
    assetsInlineLimit: 0,
  },
  server: {
    // The mock refuses other origins than its own.
    proxy: { '/_mock': { target: mock, changeOrigin: true, headers: { origin: mock } } },
  },
})
