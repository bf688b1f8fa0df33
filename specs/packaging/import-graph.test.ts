import { expect, test } from 'vitest'
import installed from '#sandbox/compose/packages.json' with { type: 'json' }
import {
  arrowsInFolders,
  circles,
  packagesOf,
  readImports,
  readRooms,
  roomOf,
  type Room,
} from './import-graph.ts'

const imports = readImports()
const rooms = readRooms()
const topOf = (file: string): string => file.split('/')[0] ?? ''
const isProof = (file: string): boolean => /^(specs|bench)\//.test(file)
const roomOfProof = (file: string): string => file.split('/').slice(0, 2).join('/')
/** Scenes, and the tools that `npm run mutate` is made of. */
const SHARED_BY_SPECS = new Set(['specs/support', 'specs/mutate'])
const nameOf = ({ members }: Room): string => members[0] ?? ''

test('every file belongs to a room of the table in docs/architecture.md', () => {
  const files = new Set(
    imports.filter(({ from }) => !isProof(from)).flatMap(({ from, to }) => [from, to]),
  )

  expect([...files].filter((file) => roomOf(file, rooms) === undefined)).toEqual([])
  expect(files.size).toBeGreaterThan(200)
})

test('a room imports what the table allows it, and nothing else', () => {
  const forbidden = imports.filter(({ from, to }) => {
    if (isProof(from)) return false
    const [room, other] = [roomOf(from, rooms), roomOf(to, rooms)]
    return room !== other && !other?.members.some((member) => room?.imports.includes(member))
  })

  expect(forbidden.map(({ from, written }) => `${from} imports ${written}`)).toEqual([])
})

test('every arrow of the table is there in the code', () => {
  const unused = rooms.flatMap((room) =>
    room.imports
      .filter((allowed) => {
        const target = rooms.find(({ members }) => members.includes(allowed))
        return !imports.some(
          ({ from, to }) => roomOf(from, rooms) === room && roomOf(to, rooms) === target,
        )
      })
      .map((allowed) => `${nameOf(room)} -> ${allowed}`),
  )

  expect(unused).toEqual([])
})

test('no arrow leads back up: what stands in one folder imports each other in one direction, types too', () => {
  expect(circles(arrowsInFolders(imports))).toEqual([])
})

test('no arrow of the table leads back up', () => {
  const arrows = rooms.flatMap((room) =>
    room.imports.flatMap((allowed) => {
      const target = rooms.find(({ members }) => members.includes(allowed))
      return target ? [[nameOf(room), nameOf(target)] as const] : []
    }),
  )

  expect(circles(arrows)).toEqual([])
})

test('the product imports neither specs nor benchmarks, and specs only what supports them', () => {
  const forbidden = imports.filter(({ from, to }) => {
    if (!isProof(to)) return false
    if (!isProof(from)) return true
    return roomOfProof(from) !== roomOfProof(to) && !SHARED_BY_SPECS.has(roomOfProof(to))
  })

  expect(forbidden.map(({ from, written }) => `${from} imports ${written}`)).toEqual([])
})

test('what leaves a top-level room is imported by its name', () => {
  const relative = imports.filter(
    ({ from, to, written }) =>
      topOf(from) !== topOf(to) &&
      !written.startsWith('#') &&
      // The manifest is in no room, and AssemblyScript knows relative paths only.
      to !== 'package.json' &&
      !to.startsWith('plugin/assembly/'),
  )

  expect(relative.map(({ from, written }) => `${from} imports ${written}`)).toEqual([])
})

test('the containers of docker-compose.yaml install what they and their builds import', () => {
  const entries = [
    'plugin/build/build.ts',
    'plugin/assembly/index.ts',
    'mock-moesif/dashboard/build.ts',
    'mock-moesif/dashboard/main.tsx',
    'sandbox/mock/cli.ts',
    'sandbox/echo/cli.ts',
  ]
  expect(packagesOf(entries)).toEqual(installed)
})

test('arrows are drawn where two paths part', () => {
  const arrows = arrowsInFolders([
    { from: 'a/b/c.ts', to: 'a/d/e.ts' },
    { from: 'a/d/e.ts', to: 'a/d/f.ts' },
    { from: 'a/d/f.ts', to: 'a/b/c.ts' },
  ])

  expect(arrows).toEqual([
    ['a/b', 'a/d'],
    ['a/d/e.ts', 'a/d/f.ts'],
    ['a/d', 'a/b'],
  ])
  expect(circles(arrows)).toEqual([['a/b', 'a/d']])
})

test('circles are found', () => {
  const arrows = [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'b'],
    ['c', 'd'],
    ['e', 'e'],
  ] as const

  expect(circles(arrows)).toEqual([['b', 'c'], ['e']])
})
