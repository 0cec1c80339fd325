-- A document has a number inside the database: its first cursor, which goes up as
-- documents come and is never given again. What hangs on a document is found by its
-- number, so that what arrives together lies together: by random ids, each record wrote
-- to other pages of ten tables and indexes.
CREATE TABLE documents_numbered (
    -- Its first cursor.
    number          INTEGER PRIMARY KEY,
    id              BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind            TEXT NOT NULL CHECK (kind IN ('visit', 'place', 'alert', 'feedback')),
    -- The organisation whose device sent it first.
    organisation    TEXT NOT NULL REFERENCES organisations (id),
    -- The device that sent it first.
    device          BLOB NOT NULL,
    last_cursor     INTEGER NOT NULL,
    -- What the changes up to snapshot_cursor amount to, as one chunk.
    snapshot        BLOB,
    snapshot_cursor INTEGER NOT NULL DEFAULT 0,
    -- Changes after the snapshot.
    loose           INTEGER NOT NULL DEFAULT 0,
    -- The changes that no other builds on, 32 bytes each, sorted: what a phone that
    -- has read the document holds. None for documents that have not grown since this
    -- was first kept.
    heads           BLOB
) STRICT;

INSERT INTO documents_numbered
    (number, id, kind, organisation, device, last_cursor, snapshot, snapshot_cursor, loose,
     heads)
SELECT first_cursor, id, kind, organisation, device, last_cursor, snapshot, snapshot_cursor,
       loose, heads
FROM documents ORDER BY first_cursor;

CREATE TABLE changes_numbered (
    cursor      INTEGER PRIMARY KEY,
    -- Its document's number.
    document    INTEGER NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    device      BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    late        INTEGER NOT NULL,
    bytes       BLOB NOT NULL,
    -- Not of its own unique: two documents made alike within a second begin with
    -- the same change.
    UNIQUE (document, hash)
) STRICT;

INSERT INTO changes_numbered (cursor, document, hash, device, received_at, late, bytes)
SELECT c.cursor, d.number, c.hash, c.device, c.received_at, c.late, c.bytes
FROM changes c JOIN documents_numbered d ON d.id = c.document
ORDER BY c.cursor;

DROP TABLE changes;
DROP TABLE documents;
ALTER TABLE documents_numbered RENAME TO documents;
ALTER TABLE changes_numbered RENAME TO changes;

-- What a phone reads: every place, and its own organisation's other documents.
CREATE INDEX documents_places ON documents (last_cursor) WHERE kind = 'place';
CREATE INDEX documents_others ON documents (organisation, last_cursor) WHERE kind <> 'place';

-- The read model: visits by night first, as they come. It is made anew when the store
-- is opened, but for the cursors of coverage, which tell of the past.
DROP TABLE visit_row;
DROP TABLE encounter_row;
DROP TABLE encounter_item;

-- Visits that were not taken back.
CREATE TABLE visit_row (
    night        INTEGER NOT NULL,
    place        BLOB NOT NULL,
    -- Its document's number.
    document     INTEGER NOT NULL,
    organisation TEXT NOT NULL,
    started      INTEGER NOT NULL,
    access       TEXT NOT NULL,
    basis        TEXT NOT NULL,
    -- How many counts were recorded.
    counts       INTEGER NOT NULL,
    -- JSON: what they say of the place, sorted; the form that erasure keeps.
    observed     TEXT NOT NULL,
    PRIMARY KEY (night, place, document)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX visit_row_by_document ON visit_row (document);

CREATE TABLE encounter_row (
    -- The number of the visit's document.
    visit      INTEGER NOT NULL,
    record     BLOB NOT NULL,
    at         INTEGER NOT NULL,
    adults     INTEGER NOT NULL,
    children   INTEGER NOT NULL,
    citizens   TEXT NOT NULL,
    met_before TEXT NOT NULL,
    met_by     TEXT,
    code       TEXT,
    PRIMARY KEY (visit, record)
) STRICT, WITHOUT ROWID;

-- What encounters were about, for following up what an organisation did: a row
-- for each need, language, contact and topic.
CREATE TABLE encounter_item (
    visit  INTEGER NOT NULL,
    record BLOB NOT NULL,
    sort   TEXT NOT NULL,
    code   TEXT NOT NULL,
    -- Of a topic: the leaflet, as version/language; empty when it was told.
    detail TEXT NOT NULL,
    PRIMARY KEY (visit, record, sort, code)
) STRICT, WITHOUT ROWID;

-- What an organisation did at a place on a night, for the other organisations.
-- A row that is no longer true stays, not present, so that phones hear of it.
CREATE TABLE coverage_by_night (
    night        INTEGER NOT NULL,
    place        BLOB NOT NULL,
    organisation TEXT NOT NULL,
    complete     INTEGER NOT NULL,
    persons      INTEGER,
    present      INTEGER NOT NULL,
    cursor       INTEGER NOT NULL,
    PRIMARY KEY (night, place, organisation)
) STRICT, WITHOUT ROWID;

INSERT INTO coverage_by_night (night, place, organisation, complete, persons, present, cursor)
SELECT night, place, organisation, complete, persons, present, cursor
FROM coverage ORDER BY night, place, organisation;

DROP TABLE coverage;
ALTER TABLE coverage_by_night RENAME TO coverage;
CREATE INDEX coverage_by_cursor ON coverage (cursor);
