import { expect, test } from 'vitest'
import { openDatabase } from '#mock-moesif/store/open-database.ts'
import { Tally } from '#mock-moesif/store/tally.ts'

test('application ids without end are forgotten, the oldest first, unless they hold events', () => {
  const database = openDatabase(undefined)
  const tally = new Tally(database)
  tally.change('holds events').events++
  database.exec('BEGIN')
  for (let count = 0; count < 10_100; count++) {
    tally.change(`id ${count}`).received++
    tally.save()
    tally.keep()
  }
  database.exec('COMMIT')

  const rows = database.prepare('SELECT count(*) AS n FROM counts').get()
  // A thousand went when the 10,001st came.
  expect(tally.applications()).toHaveLength(9_101)
  expect(rows).toEqual({ n: 9_101 })
  expect(tally.of('holds events').events).toBe(1)
  expect(tally.of('id 0').received).toBe(0)
  expect(tally.of('id 10099').received).toBe(1)
})

test('ids that hold events are all kept', () => {
  const tally = new Tally(openDatabase(undefined))
  for (let count = 0; count < 12_500; count++) tally.change(`id ${count}`).events++

  expect(tally.applications()).toHaveLength(12_500)
  expect(tally.of('id 0').events).toBe(1)
})
