import { type BatchCodecs, portableCodecs } from "stratalog/record-batch"
import { nativeCodecs } from "../../../functions/codecs/native-codecs.ts"

/** Every set of codecs that ships, each on the platform it is for. */
export const codecSubjects: readonly { name: string; codecs: BatchCodecs }[] = [
  { name: "portable codecs with zlib", codecs: portableCodecs() },
  { name: "portable codecs on the web platform", codecs: portableCodecs({ CompressionStream, DecompressionStream }) },
  { name: "native codecs", codecs: nativeCodecs() },
  { name: "native codecs whose packages do not load", codecs: nativeCodecs({ load: failToLoad }) },
]

/** The codecs by which tests make what the others must read. */
export const referenceCodecs = nativeCodecs()

function failToLoad(name: string): never {
  throw new Error(`no binary of ${name} for this platform`)
}
