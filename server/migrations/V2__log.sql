-- The log. Whatever phones must hear of takes the next cursor: a change, an
-- erasure, a row of coverage, a draw.

CREATE TABLE head (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    cursor INTEGER NOT NULL,
    -- Tells one life of the data from another: drawn when the file is made, and
    -- again when it is restored from a backup.
    epoch  INTEGER NOT NULL
) STRICT;

INSERT INTO head (one, cursor, epoch) VALUES (1, 0, 1 + abs(random() % 4294967296));

CREATE TABLE documents (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    kind            TEXT NOT NULL CHECK (kind IN ('visit', 'place', 'alert', 'feedback')),
    -- The organisation whose device sent it first.
    organisation    TEXT NOT NULL REFERENCES organisations (id),
    -- The device that sent it first.
    device          BLOB NOT NULL,
    first_cursor    INTEGER NOT NULL,
    last_cursor     INTEGER NOT NULL,
    -- What the changes up to snapshot_cursor amount to, as one chunk.
    snapshot        BLOB,
    snapshot_cursor INTEGER NOT NULL DEFAULT 0,
    -- Changes after the snapshot.
    loose           INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX documents_by_last ON documents (last_cursor);

-- What a phone reads: every place, and its own organisation's other documents.
CREATE INDEX documents_places ON documents (last_cursor) WHERE kind = 'place';
CREATE INDEX documents_others ON documents (organisation, last_cursor) WHERE kind <> 'place';

CREATE TABLE changes (
    cursor      INTEGER PRIMARY KEY,
    document    BLOB NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    device      BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    late        INTEGER NOT NULL,
    bytes       BLOB NOT NULL,
    -- Not of its own unique: two documents made alike within a second begin with
    -- the same change.
    UNIQUE (document, hash)
) STRICT;

CREATE INDEX changes_by_document ON changes (document, cursor);

CREATE TABLE erased (
    document  BLOB PRIMARY KEY CHECK (length(document) = 16),
    cursor    INTEGER NOT NULL,
    erased_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX erased_by_cursor ON erased (cursor);

-- What was not let in. Capped: the oldest go first.
CREATE TABLE quarantine (
    id           INTEGER PRIMARY KEY,
    received_at  INTEGER NOT NULL,
    organisation TEXT NOT NULL,
    device       BLOB NOT NULL,
    document     BLOB NOT NULL,
    kind         TEXT NOT NULL,
    code         TEXT NOT NULL,
    detail       TEXT NOT NULL,
    -- SHA-256 of the bytes: a phone that offers the same again adds no row.
    digest       BLOB NOT NULL,
    size         INTEGER NOT NULL,
    bytes        BLOB NOT NULL,
    UNIQUE (device, document, digest)
) STRICT;

CREATE INDEX quarantine_by_organisation ON quarantine (organisation, id);
CREATE INDEX quarantine_by_document ON quarantine (document);

-- Who did what. Each row's hash covers the one before it.
CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    device   BLOB,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    detail   TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash     BLOB NOT NULL
) STRICT;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is only added to');
END;

CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is only added to');
END;

CREATE TABLE draws (
    -- First night of the period, days since 1970-01-01.
    period   INTEGER PRIMARY KEY,
    drawn_at INTEGER NOT NULL,
    seed     INTEGER NOT NULL,
    cursor   INTEGER NOT NULL,
    -- The device of who asked for it; none when the server drew by itself.
    device   BLOB
) STRICT;

CREATE TABLE drawn_places (
    period  INTEGER NOT NULL REFERENCES draws (period),
    ordinal INTEGER NOT NULL,
    place   BLOB NOT NULL,
    PRIMARY KEY (period, ordinal)
) STRICT, WITHOUT ROWID;
