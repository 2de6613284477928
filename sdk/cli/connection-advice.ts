/** What to do where no answer came, by the platform's code of the failure. Pure. */

const NOBODY_THERE = "Start a server there (`strata serve`, in the repository `npm start`), or name another: --url."
const ON_THE_WAY = "Look at firewalls, security groups and proxies between here and there."
const OTHER_SCHEME = "Something closed the connection: is it https where http was asked, or the other way round?"
const NO_KEYS =
  "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (`aws configure export-credentials --format env` tells those of a profile)."

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: NOBODY_THERE,
  ECONNRESET: OTHER_SCHEME,
  UND_ERR_SOCKET: OTHER_SCHEME,
  ENOTFOUND:
    "Check the name in the URL, and the resolver of this machine. A deployment that was made anew has another name.",
  EAI_AGAIN: "The resolver of this machine does not answer: check its network.",
  timeout: ON_THE_WAY,
  UND_ERR_CONNECT_TIMEOUT: ON_THE_WAY,
  EHOSTUNREACH: ON_THE_WAY,
  ENETUNREACH: ON_THE_WAY,
  CERT_HAS_EXPIRED: "The certificate there has expired: renew it. Where it has not, this machine's clock is wrong.",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "The certificate is for other names than the URL's: use one of them, or get a certificate for this one.",
  ERR_SSL_WRONG_VERSION_NUMBER: "It does not speak TLS there: say http:// instead of https://, or another port.",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "It does not speak TLS there: say http:// instead of https://, or another port.",
  credentials_unavailable: NO_KEYS,
}

const AUTHORITY =
  "The certificate is not trusted here: NODE_EXTRA_CA_CERTS names a file with those of your own authority."

/** AWS's front doors answer https alone. */
const HTTPS_ONLY = /\.(amazonaws\.com(\.cn)?|on\.aws|api\.aws)$/

export function connectionAdvice(url: string, code: string): string {
  const { protocol, hostname } = new URL(url)
  if (protocol === "http:" && HTTPS_ONLY.test(hostname)) return "AWS answers https alone: say https:// in the URL."
  const known = byCode[code]
  if (known !== undefined) return known
  if (code.startsWith("HPE_"))
    return protocol === "http:" ? "It speaks TLS there: say https:// in the URL." : OTHER_SCHEME
  return /CERT|TLS|SSL|SELF_SIGNED/.test(code) ? AUTHORITY : NOBODY_THERE
}
