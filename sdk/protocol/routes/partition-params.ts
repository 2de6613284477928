import * as z from "zod/mini"
import { integerText, partitionNumber, topicName } from "../schemas/fields.ts"

export const partitionParams = z.strictObject({ topic: topicName, partition: integerText(partitionNumber) })
