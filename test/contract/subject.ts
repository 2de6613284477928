/** A storage under a contract suite. */
export interface Subject<Store> {
  readonly store: Store
  /** The same data through a new instance, as after a restart of the process. The one before is closed. */
  reopen(): Promise<Store>
  /** Closes and removes everything. */
  dispose(): Promise<void>
}

export type MakeSubject<S> = () => Promise<S>
