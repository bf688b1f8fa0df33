import { LogLevel } from '../abi/constants'
import { logLevel } from '../abi/log'
import { utf8 } from '../memory/span'
import { line } from '../text/log-line'

const EVENT = utf8('moesif: exchange: event of ')
const BYTES = utf8(' bytes, status ')
const NONE = utf8('none')

/** `debug: true`: one line per exchange. No payload, and no URI either, since a query may contain secrets. */
export function logExchange(eventLength: u32, status: u32): void {
  if (logLevel() > <u32>LogLevel.Info) return
  line.begin(EVENT)
  line.number(eventLength)
  line.span(BYTES)
  if (status) line.number(status)
  else line.span(NONE)
  line.write(LogLevel.Info)
}
