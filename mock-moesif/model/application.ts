/** Stands for all applications: what is set for it holds for each that has nothing of its own. */
export const EVERYONE = '*'
