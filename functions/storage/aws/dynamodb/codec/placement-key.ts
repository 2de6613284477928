/**
 * The key of a placed item or object. A UUID takes 16 bytes of its 36 characters; `batches/<UUID>/<partition>/<UUID>` takes
 * 33 bytes or a few more of its 83; any other key is text.
 */
import { newerFormat } from "../../../../log/newer-format.ts"
import type { BlobReader, BlobWriter } from "./bytes.ts"
import { isUuid, UUID_BYTES, UUID_PATTERN, uuidBytes, uuidText } from "./uuid.ts"

const TEXT = 0
const ITEM = 1
const OBJECT = 2

/** Of what this file describes. */
const FORM = 1

const OBJECT_KEY = new RegExp(`^batches/(${UUID_PATTERN})/(0|[1-9][0-9]{0,8})/(${UUID_PATTERN})$`)

export function writeKey(writer: BlobWriter, key: string): void {
  const [, topicId, partition, unique] = OBJECT_KEY.exec(key) ?? []
  if (topicId !== undefined && partition !== undefined && unique !== undefined) {
    writer.u8(OBJECT)
    writer.bytes(uuidBytes(topicId))
    writer.varint(Number(partition))
    writer.bytes(uuidBytes(unique))
  } else if (isUuid(key)) {
    writer.u8(ITEM)
    writer.bytes(uuidBytes(key))
  } else {
    writer.u8(TEXT)
    writer.text(key)
  }
}

export function readKey(reader: BlobReader): string {
  const form = reader.u8()
  switch (form) {
    case TEXT:
      return reader.text()
    case ITEM:
      return readUuid(reader)
    case OBJECT:
      return `batches/${readUuid(reader)}/${reader.varint()}/${readUuid(reader)}`
    default:
      throw newerFormat(`A key of form ${form}`, FORM)
  }
}

function readUuid(reader: BlobReader): string {
  return uuidText(reader.bytes(UUID_BYTES))
}
