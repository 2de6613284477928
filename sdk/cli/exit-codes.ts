/** What the process ends with; `strata --help` lists them. */
export const exitCodes = {
  ok: 0,
  /** The server refused, or what was to be read or written is not right. */
  refused: 1,
  usage: 2,
  cannotConnect: 3,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const EXIT_CODES_HELP = `Exit codes:
  0    done
  1    the server refused, or the data is not right
  2    the command line is not right
  3    cannot connect to the server
  130  ended by Ctrl-C (143: by SIGTERM), after what was begun was finished`
