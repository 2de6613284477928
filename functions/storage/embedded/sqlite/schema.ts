/**
 * The tables of the embedded database, as steps from one schema version to the next; `PRAGMA user_version` counts the
 * steps that a file has taken. A released step is never changed: a new one is added.
 *
 * Names are ASCII, so SQLite's byte order is JavaScript's code unit order.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE topics (
    name TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    partitions INTEGER NOT NULL,
    config TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- A group is there as long as it has a committed offset.
  CREATE TABLE committed_offsets (
    group_name TEXT NOT NULL,
    topic_id TEXT NOT NULL,
    partition INTEGER NOT NULL,
    topic TEXT NOT NULL,
    next_offset INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    committed_at INTEGER NOT NULL,
    PRIMARY KEY (group_name, topic_id, partition)
  ) STRICT, WITHOUT ROWID;
  -- For a deleted topic. It holds no column that a commit changes, so only a partition's first commit writes it.
  CREATE INDEX committed_offsets_by_topic ON committed_offsets (topic_id);

  -- One row. All ids below next_id are given away.
  CREATE TABLE producer_id_counter (
    row INTEGER PRIMARY KEY CHECK (row = 1),
    next_id INTEGER NOT NULL
  ) STRICT;
  INSERT INTO producer_id_counter VALUES (1, 1);

  -- Epochs after the first: a producer id without a row has epoch 0.
  CREATE TABLE producer_epochs (
    id INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- The points last: what they need of overflow pages is read only where they are asked for.
  CREATE TABLE segments (
    topic_id TEXT NOT NULL,
    partition INTEGER NOT NULL,
    base_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    object_key TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    crc32c INTEGER NOT NULL,
    max_timestamp INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    compacted_to INTEGER NOT NULL,
    version INTEGER NOT NULL,
    points BLOB NOT NULL,
    PRIMARY KEY (topic_id, partition, base_offset)
  ) STRICT;

  -- Partitions that have, or had, segments. Without a row all of a partition lies in the journal.
  CREATE TABLE tiered_partitions (
    topic_id TEXT NOT NULL,
    partition INTEGER NOT NULL,
    tiered_to INTEGER NOT NULL,
    log_start INTEGER NOT NULL,
    PRIMARY KEY (topic_id, partition)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Who owns a partition: nobody of a lower epoch commits. Without a row nobody ever claimed it.
  CREATE TABLE partition_claims (
    group_name TEXT NOT NULL,
    topic_id TEXT NOT NULL,
    partition INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    PRIMARY KEY (group_name, topic_id, partition)
  ) STRICT, WITHOUT ROWID;
  -- For a deleted topic.
  CREATE INDEX partition_claims_by_topic ON partition_claims (topic_id);

  -- Groups that ever had a member: how many they have now, the latest time in the state, and the state,
  -- encoded; last, as a large one takes overflow pages that only who asks for it should read.
  CREATE TABLE group_states (
    group_name TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    members INTEGER NOT NULL,
    latest_time INTEGER NOT NULL,
    state TEXT NOT NULL
  ) STRICT;
  CREATE INDEX groups_with_members ON group_states (group_name) WHERE members > 0;
  `,
  `
  -- What runs of upkeep left for whoever asks: JSON in the format of this version.
  CREATE TABLE upkeep_reports (
    part TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    report TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- Of a key's secret there is the hash alone.
  CREATE TABLE access_keys (
    id TEXT PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    principal TEXT NOT NULL,
    super_user INTEGER NOT NULL,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT, WITHOUT ROWID;

  -- Each as its one text.
  CREATE TABLE acl_bindings (
    binding TEXT PRIMARY KEY
  ) STRICT, WITHOUT ROWID;
  `,
]

/** "Stlg": tells a database of ours from another one, and `file` can show it. */
export const APPLICATION_ID = 0x53746c67
