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

-- What visits saw is kept in a shorter form. The read model is made anew when the store
-- is opened.
DELETE FROM visit_row;
ALTER TABLE visit_row DROP COLUMN observed;
-- CBOR: what its counts say of the place, sorted; an empty list at first.
ALTER TABLE visit_row ADD COLUMN observed BLOB NOT NULL DEFAULT x'80';
