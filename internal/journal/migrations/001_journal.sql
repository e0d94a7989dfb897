-- One account is one Affise API address. Times are UTC, ISO 8601.
CREATE TABLE accounts (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE runs (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE,             -- what the user calls it
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  kind        TEXT NOT NULL CHECK (kind IN ('import', 'undo')),
  undoes      INTEGER REFERENCES runs (id),     -- the run that an undo takes back
  mode        TEXT NOT NULL,
  profile     TEXT NOT NULL,
  input       TEXT NOT NULL,                    -- JSON list of paths
  config      TEXT,                             -- JSON: what resume needs to do the same again
  messages    TEXT,                             -- JSON: what belongs to no offer
  rate_limit  REAL NOT NULL,                    -- requests a second; 0 = none
  process     INTEGER NOT NULL,                 -- the process that last worked on it
  started_at  TEXT NOT NULL,
  finished_at TEXT,                             -- NULL while it runs, or where it was killed
  exit_code   INTEGER,
  stopped     TEXT,                             -- why it stopped before the end
  requests    INTEGER NOT NULL DEFAULT 0,       -- requests made in active_ms
  active_ms   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One row for each offer of a run's input. A row in status 'sent' is an intent:
-- its request may have left, and nothing is known of the answer.
CREATE TABLE items (
  id          INTEGER PRIMARY KEY,
  run_id      INTEGER NOT NULL REFERENCES runs (id),
  seq         INTEGER NOT NULL,                 -- place in the input
  key         TEXT NOT NULL,                    -- external_offer_id
  title       TEXT NOT NULL,
  file        TEXT NOT NULL,
  sheet       TEXT NOT NULL,
  row         INTEGER NOT NULL,
  children    TEXT,                             -- JSON: its rows in child sheets
  action      TEXT NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('pending', 'sent', 'created', 'updated', 'unchanged', 'skipped', 'failed', 'unknown')),
  offer_id    INTEGER,
  attempts    INTEGER NOT NULL DEFAULT 0,       -- requests that were to create or edit it
  body_sha256 TEXT,                             -- of what was sent, or would have been had the account not had the offer; the body itself is not kept
  messages    TEXT,                             -- JSON
  started_at  TEXT,                             -- of its first request
  sent_at     TEXT,                             -- of its last
  finished_at TEXT,
  updated_at  TEXT,                             -- the account's own time stamp of the stored offer
  stored      TEXT,                             -- short hashes of the stored values, by which undo sees an edit
  undone_by   INTEGER REFERENCES runs (id)
) STRICT;
CREATE INDEX items_in_order ON items (run_id, seq);
CREATE INDEX items_by_key ON items (key);

-- One row for each request that came to an end.
CREATE TABLE attempts (
  run_id      INTEGER NOT NULL REFERENCES runs (id),
  id          INTEGER NOT NULL,
  item_id     INTEGER,                          -- NULL for what belongs to no offer, such as a page of the list
  call        TEXT NOT NULL,                    -- create, edit, find, get, list, stop, delete
  sent_at     TEXT NOT NULL,
  answered_at TEXT NOT NULL,
  outcome     TEXT NOT NULL,                    -- stored, found, not found, rejected, throttled, unauthorised, not applied, unknown
  http        INTEGER,
  offer_id    INTEGER,
  detail      TEXT,
  PRIMARY KEY (run_id, id)
) STRICT, WITHOUT ROWID;
