-- Place-nights that must be worked out anew and were too many for one job of the writer:
-- joining two places moves every night at either. `place` is the one that counts.
CREATE TABLE night_due (
    night INTEGER NOT NULL,
    place BLOB NOT NULL,
    PRIMARY KEY (night, place)
) STRICT, WITHOUT ROWID;
