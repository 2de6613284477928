/** Sequences count records and wrap from 2^31 - 1 to 0, as in Kafka (DefaultRecordBatch.incrementSequence). */
const SEQUENCES = 2 ** 31

export function addToSequence(sequence: number, count: number): number {
  return (sequence + count) % SEQUENCES
}
