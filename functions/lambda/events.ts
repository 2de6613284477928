/** What is read of the events in which front doors hand over a request, and what they take as an answer. */

interface EventBody {
  readonly body?: string | null
  readonly isBase64Encoded?: boolean
}

/** Payload format 2.0: function URLs and HTTP APIs. */
export interface HttpEvent extends EventBody {
  readonly version: "2.0"
  /**
   * Begins with the stage, unless that is `$default`. HTTP APIs have it percent-decoded, and cut off at a question mark that was
   * encoded; function URLs as it was sent.
   */
  readonly rawPath: string
  /** What stood in the route's variables, where the route had any: whole. */
  readonly pathParameters?: Readonly<Record<string, string | undefined>>
  readonly rawQueryString: string
  /** Names in lower case; values of the same name joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly requestContext: {
    readonly stage: string
    readonly http: { readonly method: string }
    /** Who signed; absent where nobody had to. The ARN is that of a user, an account's root or a session. */
    readonly authorizer?: { readonly iam?: { readonly userArn?: string | null } | null } | null
  }
}

/** Payload format 1.0: REST APIs. */
export interface RestEvent extends EventBody {
  readonly version?: "1.0"
  readonly httpMethod: string
  /** Without the stage, as it was sent. */
  readonly path: string
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>> | null
  /** Percent-decoded. */
  readonly multiValueQueryStringParameters: Readonly<Record<string, readonly string[]>> | null
  /** Who signed: null where nobody had to. */
  readonly requestContext?: { readonly identity?: { readonly userArn?: string | null } | null }
}

export type GatewayEvent = HttpEvent | RestEvent

/** Both formats take this. */
export interface GatewayAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly isBase64Encoded: boolean
}

export interface InvocationContext {
  readonly awsRequestId: string
  getRemainingTimeInMillis(): number
}
