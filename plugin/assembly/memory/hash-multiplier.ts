/** 2^64 over the golden ratio: to multiply with it spreads bits. */
export const HASH_MULTIPLIER: u64 = (0x9e3779b9 << 32) | 0x7f4a7c15
