/** What a function tells of itself: lines of its log, and figures for CloudWatch where they are asked for. */
import type { ExchangeObserver } from "../http/api.ts"
import { countAppended, countRead } from "../http/metrics/log-counts.ts"
import type { PartitionLog } from "../log/ports.ts"
import type { StorageObserver } from "../log/storage-observer.ts"
import { FunctionFigures } from "./function-figures.ts"
import { around, exchangeObserver, report, storageObserver } from "./report.ts"
import { type Environment, figuresOptions } from "./settings.ts"

type WatchedLog = Partial<Pick<PartitionLog, "append" | "read">>

export interface Eyes {
  readonly exchanges: ExchangeObserver
  readonly storage: StorageObserver
  /** The log, counted. */
  watched<Log extends WatchedLog>(log: Log): Log
  /** A request was answered: the function may be frozen now. */
  answered(): void
  /** Stands around an invocation that is no request. */
  invocation<T>(requestId: string, work: () => Promise<T>): Promise<T>
}

/** Lines alone. */
export const plainEyes: Eyes = {
  exchanges: exchangeObserver,
  storage: storageObserver,
  watched: (log) => log,
  answered: () => undefined,
  invocation: around,
}

export function openEyes(environment: Environment): Eyes {
  const options = figuresOptions(environment)
  return options === undefined
    ? plainEyes
    : countingEyes(new FunctionFigures({ ...options, now: Date.now, say: report }))
}

function countingEyes(figures: FunctionFigures): Eyes {
  return {
    exchanges: {
      ...exchangeObserver,
      finished: (exchange) => {
        exchangeObserver.finished(exchange)
        figures.finished(exchange)
      },
    },
    storage: {
      attempted: (attempt) => {
        storageObserver.attempted(attempt)
        figures.attempted(attempt)
      },
      refused: (reason) => figures.refused(reason),
      rolled: () => undefined,
    },
    watched: (log) => counted(log, figures),
    answered: () => figures.answered(),
    invocation: async (requestId, work) => {
      const begun = performance.now()
      try {
        return await around(requestId, work)
      } finally {
        figures.invoked((performance.now() - begun) / 1000)
        figures.answered()
      }
    },
  }
}

function counted<Log extends WatchedLog>(log: Log, figures: FunctionFigures): Log {
  const { append, read } = log
  const counting: WatchedLog = {
    ...(append && {
      append: (partition, entries) =>
        append(partition, entries).then((outcomes) => {
          countAppended(entries, outcomes, figures)
          return outcomes
        }),
    }),
    ...(read && { read: async (partition, request) => countRead(await read(partition, request), figures) }),
  }
  return { ...log, ...counting }
}
