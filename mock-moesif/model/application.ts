/** Stands for all applications: what is set for it holds for each application without a setting of its own. */
export const EVERYONE = '*'
