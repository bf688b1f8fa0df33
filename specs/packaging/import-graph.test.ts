import { expect, test } from 'vitest'
import { circles, readImports, readRooms, roomOf, type Room } from './import-graph.ts'

const imports = readImports().filter(({ to }) => !to.endsWith('.json'))
const rooms = readRooms()
const topOf = (file: string): string => file.split('/')[0] ?? ''
const nameOf = ({ members }: Room): string => members[0] ?? ''

test('every file belongs to a room of the table in docs/architecture.md', () => {
  const files = new Set(imports.flatMap(({ from, to }) => [from, to]))

  expect([...files].filter((file) => roomOf(file, rooms) === undefined)).toEqual([])
  expect(files.size).toBeGreaterThan(200)
})

test('a room imports what the table allows it, and nothing else', () => {
  const forbidden = imports.filter(({ from, to }) => {
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

test('no arrow between rooms leads back up', () => {
  const arrows = rooms.flatMap((room) =>
    room.imports.flatMap((allowed) => {
      const target = rooms.find(({ members }) => members.includes(allowed))
      return target ? [[nameOf(room), nameOf(target)] as const] : []
    }),
  )

  expect(circles(arrows)).toEqual([])
})

test('no arrow between top-level rooms leads back up', () => {
  const arrows = imports
    .map(({ from, to }) => [topOf(from), topOf(to)] as const)
    .filter(([from, to]) => from !== to)

  expect(circles(arrows)).toEqual([])
})

test('no file imports values in a circle', () => {
  const values = imports.filter(({ typesOnly }) => !typesOnly)

  expect(circles(values.map(({ from, to }) => [from, to] as const))).toEqual([])
})

test('what leaves a top-level room is imported by its name', () => {
  const relative = imports.filter(
    ({ from, to, written }) => topOf(from) !== topOf(to) && !written.startsWith('#'),
  )

  expect(relative.map(({ from, written }) => `${from} imports ${written}`)).toEqual([])
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
