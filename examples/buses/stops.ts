/** Some stops of London and lines that call there. Real ones; what the sample makes up are buses and times. */
export interface Stop {
  readonly naptanId: string
  readonly stationName: string
  /** The letter on the stop. */
  readonly platformName: string
  /** Which way the road leads, in degrees. */
  readonly bearing: string
  readonly towards: string
  readonly lines: readonly Line[]
}

export interface Line {
  readonly lineId: string
  readonly direction: "inbound" | "outbound"
  readonly destinationName: string
}

export const STOPS: readonly Stop[] = [
  {
    naptanId: "490006170S",
    stationName: "Haggerston Station / Downham Road",
    platformName: "KJ",
    bearing: "180",
    towards: "Aldgate or Old Street",
    lines: [
      { lineId: "243", direction: "outbound", destinationName: "Waterloo" },
      { lineId: "149", direction: "outbound", destinationName: "London Bridge" },
    ],
  },
  {
    naptanId: "490008660N",
    stationName: "Lady Somerset Road",
    platformName: "GY",
    bearing: "316",
    towards: "Highgate Village or Parliament Hill Fields",
    lines: [{ lineId: "214", direction: "inbound", destinationName: "Highgate Village" }],
  },
  {
    naptanId: "490000144A",
    stationName: "Marble Arch / Bayswater Road",
    platformName: "A",
    bearing: "258",
    towards: "Notting Hill Gate",
    lines: [{ lineId: "94", direction: "inbound", destinationName: "Acton Green" }],
  },
  {
    naptanId: "490004996U",
    stationName: "Charles II Street",
    platformName: "U",
    bearing: "239",
    towards: "Oxford Circus",
    lines: [{ lineId: "94", direction: "outbound", destinationName: "Piccadilly Circus" }],
  },
]
