-- Work that is done although the server may end at any moment; a row is written in the
-- transaction of the act that wants it.
CREATE TABLE jobs (
    id       INTEGER PRIMARY KEY,
    -- What is to be done.
    kind     TEXT NOT NULL,
    -- To what: an id, never content.
    key      TEXT NOT NULL,
    state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'dead')),
    -- Not before then.
    run_at   INTEGER NOT NULL,
    -- Of a scheduled one, which never ends: how often, ms.
    every    INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Why it failed last.
    error    TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, key)
) STRICT;
CREATE INDEX jobs_due ON jobs (run_at) WHERE state = 'waiting';
