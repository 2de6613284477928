/** Errors as S3 words them: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */

const STATUS = {
  AccessDenied: 403,
  BadDigest: 400,
  BucketAlreadyOwnedByYou: 409,
  BucketAlreadyExists: 409,
  BucketNotEmpty: 409,
  InternalError: 500,
  InvalidRange: 416,
  InvalidRequest: 400,
  MalformedXML: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  OperationAborted: 409,
  RequestTimeTooSkewed: 403,
  SlowDown: 503,
} as const

export type S3ErrorCode = keyof typeof STATUS

export class S3Error extends Error {
  readonly code: S3ErrorCode

  constructor(code: S3ErrorCode, message: string) {
    super(message)
    this.code = code
  }

  get status(): number {
    return STATUS[this.code]
  }

  body(): string {
    return xml("Error", `<Code>${this.code}</Code><Message>${this.message.replace(/[<&]/g, " ")}</Message>`)
  }
}

export function xml(root: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${content}</${root}>`
}
