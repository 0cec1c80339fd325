-- A document's first change has the document's number for a cursor, and is found by it.
-- Most documents never have another: only later changes need an index.
CREATE TABLE changes_found (
    cursor      INTEGER PRIMARY KEY,
    -- Its document's number: the cursor of the first of them.
    document    INTEGER NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    device      BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    late        INTEGER NOT NULL,
    bytes       BLOB NOT NULL
) STRICT;

INSERT INTO changes_found (cursor, document, hash, device, received_at, late, bytes)
SELECT cursor, document, hash, device, received_at, late, bytes
FROM changes ORDER BY cursor;

DROP TABLE changes;
ALTER TABLE changes_found RENAME TO changes;
CREATE UNIQUE INDEX changes_later ON changes (document, hash) WHERE cursor <> document;

-- What visits saw is kept in a shorter form, and the read model made anew when the
-- store is opened.
DROP TABLE visit_row;

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
    -- CBOR: what they say of the place, sorted.
    observed     BLOB NOT NULL,
    PRIMARY KEY (night, place, document)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX visit_row_by_document ON visit_row (document);
