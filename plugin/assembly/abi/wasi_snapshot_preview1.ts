/** The one WASI import in use; module and function name are this file's and the declaration's. */
export declare function random_get(buffer: usize, length: usize): u32
