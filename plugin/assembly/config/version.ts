// Written by plugin/build/generate.ts from package.json.
export const VERSION: string = '0.1.0'
