import { LogLevel } from '../abi/constants'

import { log, logLevel } from '../abi/log'
import { utf8 } from '../memory/span'
import * as writer from './writer'

const EVENT = utf8('moesif: exchange: event of ')
const BYTES = utf8(' bytes, status ')
const NONE = utf8('none')

/**
 * `debug: true`: one line an exchange. No payload, and no URI either, since a query can hold what is not for a log.
 * @note takes the writer's memory: the event in it must have been handed on.
 */
export function logExchange(eventLength: u32, status: u32): void {
  if (<i32>logLevel() > LogLevel.Info) return
  const start = writer.begin()
  writer.literal(EVENT)
  writer.unsigned(eventLength)
  writer.literal(BYTES)
  if (status) writer.unsigned(status)
  else writer.literal(NONE)
  log(LogLevel.Info, start, writer.length())
}
