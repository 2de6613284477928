/** What a front door may be told. */
import { type AccessSettings, checkAccess } from "../access.ts"
import { SettingError } from "../setting-error.ts"

export interface FrontDoorSettings extends AccessSettings, DomainSettings {
  /**
   * `http-api` (default): API Gateway sends each request to the function of its concern. `function-url`: one function answers
   * everything, with a role as wide; nothing is paid beside it. `rest-api`: as `http-api`, at a higher price; for LocalStack,
   * which serves it under a plain path.
   */
  readonly frontDoor?: "http-api" | "function-url" | "rest-api" | undefined
  /** Whose pages may call from a browser: origins such as `https://app.example.com`, or `*` for all. Default: none. */
  readonly corsOrigins?: readonly string[] | undefined
  /**
   * The most requests that are let in, per second and at once; API Gateway answers 429 to others. Default: the account's quota
   * for all its APIs. Not for `function-url`: there the functions' concurrency is the limit.
   */
  readonly throttleRate?: number | undefined
  readonly throttleBurst?: number | undefined
  /** A line for each request in CloudWatch Logs, for a month. Default true. Only `http-api` has them. */
  readonly accessLogs?: boolean | undefined
}

/**
 * A name of one's own for the address. Not for `function-url`. The address that AWS gives is then switched off; with `auth=both`
 * the name leads to the door for signatures, and `KeyUrl` stays the one that AWS gives.
 */
export interface DomainSettings {
  /** Such as `log.example.com`. */
  readonly domainName?: string | undefined
  /** A certificate for that name, of ACM in the region of the deployment. */
  readonly certificateArn?: string | undefined
  /** What stands before all paths, such as `log` for `https://api.example.com/log/v1/...`. Default: nothing. */
  readonly basePath?: string | undefined
  /** The zone of Route 53 in which the name is made. Default: none, and the name is to be pointed to `DomainTarget` by hand. */
  readonly hostedZoneId?: string | undefined
  readonly hostedZoneName?: string | undefined
}

/** Throws with a sentence for the person who wrote them where settings do not go together. */
export function checkFrontDoor(settings: FrontDoorSettings): void {
  const { frontDoor, corsOrigins = [], throttleRate, throttleBurst, accessLogs } = settings
  checkAccess(settings)
  checkDomain(settings)
  for (const origin of corsOrigins) {
    if (origin !== "*" && !/^https?:\/\/[^/,\s]+$/.test(origin))
      throw new SettingError(`corsOrigins: ${origin} is no origin; write it as https://app.example.com.`)
  }
  if ((throttleRate === undefined) !== (throttleBurst === undefined))
    throw new SettingError("throttleRate and throttleBurst go together.")
  if (frontDoor === "function-url") {
    if (throttleRate !== undefined) throw new SettingError("A function URL has no throttleRate: limit the concurrency.")
    if (settings.domainName !== undefined)
      throw new SettingError("A function URL takes no domainName: choose http-api.")
  }
  if (accessLogs === true && frontDoor !== undefined && frontDoor !== "http-api")
    throw new SettingError(`accessLogs: ${frontDoor} writes none.`)
}

/** The first part of a path of the API, or what API Gateway keeps for itself. */
const TAKEN = /^(v1|docs|openapi\.json|ping|sping)$/

function checkDomain({ domainName, certificateArn, basePath, hostedZoneId, hostedZoneName }: DomainSettings): void {
  if (domainName === undefined) {
    const left = Object.entries({ certificateArn, basePath, hostedZoneId, hostedZoneName })
    const alone = left.find(([, value]) => value !== undefined)
    if (alone !== undefined) throw new SettingError(`${alone[0]} goes with a domainName.`)
    return
  }
  if (certificateArn === undefined) throw new SettingError(`domainName: ${domainName} needs a certificateArn.`)
  if ((hostedZoneId === undefined) !== (hostedZoneName === undefined))
    throw new SettingError("hostedZoneId and hostedZoneName go together.")
  if (basePath !== undefined && (!/^[\w.-]+$/.test(basePath) || TAKEN.test(basePath)))
    throw new SettingError(
      `basePath: ${basePath} cannot stand before the paths of the API; write one part, such as log.`,
    )
}
