/** The WASI imports in use; module and function names are this file's and the declarations'. */
export declare function random_get(buffer: usize, length: usize): u32

export declare function clock_time_get(clock: u32, precision: u64, timeOut: usize): u32
