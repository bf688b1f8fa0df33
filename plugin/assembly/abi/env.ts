/**
 * Imports that `@solo-io/proxy-runtime` 0.1.8 lacks. The file's name is the import's module name: an undecorated
 * `declare function` takes both from here.
 */
export declare function proxy_get_log_level(levelOut: usize): u32
