-- Place-nights by night first, as visits are: what comes of a night changes a few pages,
-- however many nights there are.
CREATE TABLE place_night_by_night (
    night             INTEGER NOT NULL,
    place             BLOB NOT NULL,
    access            TEXT NOT NULL,
    -- When the last visit that night began.
    last_started      INTEGER NOT NULL,
    complete          INTEGER NOT NULL,
    sum               INTEGER NOT NULL,
    sum_of_squares    INTEGER NOT NULL,
    twice_median      INTEGER NOT NULL,
    lower_limit       INTEGER,
    range             INTEGER,
    reported          INTEGER,
    tent_observations INTEGER NOT NULL,
    twice_unopened    INTEGER NOT NULL,
    twice_in_tents    INTEGER NOT NULL,
    -- Opened tents and the persons in them, "2:3 1:0", for the persons a tent holds.
    opened            TEXT,
    adults            INTEGER NOT NULL,
    children          INTEGER NOT NULL,
    unknown           INTEGER NOT NULL,
    eu_eea            INTEGER NOT NULL,
    third_country     INTEGER NOT NULL,
    PRIMARY KEY (night, place)
) STRICT, WITHOUT ROWID;

INSERT INTO place_night_by_night
SELECT night, place, access, last_started, complete, sum, sum_of_squares, twice_median,
       lower_limit, range, reported, tent_observations, twice_unopened, twice_in_tents,
       opened, adults, children, unknown, eu_eea, third_country
FROM place_night ORDER BY night, place;

DROP TABLE place_night;
ALTER TABLE place_night_by_night RENAME TO place_night;
-- For a place's earlier nights. Changes with the first visit of a night only.
CREATE INDEX place_night_by_place ON place_night (place, night);
CREATE INDEX place_night_recounted ON place_night (night) WHERE complete >= 2;
CREATE INDEX place_night_opened ON place_night (night) WHERE opened IS NOT NULL;
