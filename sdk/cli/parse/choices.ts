import { Option } from "commander"
import { dataFormats } from "../format/bytes.ts"

export function formatOption(flags: string, description: string, fallback: (typeof dataFormats)[number]): Option {
  return new Option(flags, description).choices(dataFormats).default(fallback)
}
