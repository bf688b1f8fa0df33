/** 2^64 divided by the golden ratio: multiplying by it distributes the bits of a hash (Fibonacci hashing). */
export const HASH_MULTIPLIER: u64 = (0x9e3779b9 << 32) | 0x7f4a7c15
