-- A visit says itself what was counted on it, and visits stand in the order in which
-- place-nights are worked out: one reading gives all of a night, where each visit and
-- each count was looked up by its random id before.
DROP TABLE count_row;
DROP TABLE visit_row;

-- Visits that were not taken back.
CREATE TABLE visit_row (
    place        BLOB NOT NULL,
    night        INTEGER NOT NULL,
    document     BLOB NOT NULL,
    organisation TEXT NOT NULL,
    started      INTEGER NOT NULL,
    access       TEXT NOT NULL,
    basis        TEXT NOT NULL,
    -- How many counts were recorded.
    counts       INTEGER NOT NULL,
    -- JSON: what they say of the place, sorted; the form that erasure keeps.
    observed     TEXT NOT NULL,
    PRIMARY KEY (place, night, document)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX visit_row_by_document ON visit_row (document);
CREATE INDEX visit_row_by_started ON visit_row (started);

-- By which version of `projection` the read model was made: another one makes it
-- anew when the store is opened.
CREATE TABLE projected (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL
) STRICT;

INSERT INTO projected (one, version) VALUES (1, 0);
