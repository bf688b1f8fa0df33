import { MINUS } from '../text/bytes'
import { writeHex } from '../text/hex'
import * as writer from './writer'

/** 36 characters, and room behind them. */
const text = memory.data(48)

/** A UUID of version 4 from 128 random bits. */
export function transactionId(random: u64, moreRandom: u64): void {
  const high = (random & ~(<u64>0xf000)) | 0x4000
  const low = ((moreRandom << 2) >> 2) | ((<u64>1) << 63)
  writeHex(text, high >> 32, 8)
  writeHex(text + 9, high >> 16, 4)
  writeHex(text + 14, high, 4)
  writeHex(text + 19, low >> 48, 4)
  writeHex(text + 24, low >> 32, 4)
  writeHex(text + 28, low, 8)
  store<u8>(text, MINUS, 8)
  store<u8>(text, MINUS, 13)
  store<u8>(text, MINUS, 18)
  store<u8>(text, MINUS, 23)
  writer.raw(text, 36)
}
