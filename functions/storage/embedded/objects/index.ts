// Objects in files.

export { type ObjectFilesOptions, openObjectFiles } from "./object-files.ts"
