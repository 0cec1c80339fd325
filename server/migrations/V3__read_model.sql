-- What is computed from the documents. `lagesbild rebuild` makes the same rows
-- again from the log and the archive.

CREATE TABLE place_row (
    document   BLOB PRIMARY KEY,
    name       TEXT NOT NULL,
    place_type TEXT NOT NULL,
    district   TEXT NOT NULL,
    state      TEXT NOT NULL,
    -- From when the state holds; the place's creation when it has none.
    state_at   INTEGER NOT NULL,
    created    INTEGER NOT NULL,
    withdrawn  INTEGER NOT NULL,
    same_as    BLOB,
    -- The place it counts as: itself, or the end of the chain of same_as.
    target     BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX place_row_by_same_as ON place_row (same_as) WHERE same_as IS NOT NULL;
CREATE INDEX place_row_by_target ON place_row (target);

-- Visits that were not taken back.
CREATE TABLE visit_row (
    document     BLOB PRIMARY KEY,
    organisation TEXT NOT NULL,
    place        BLOB NOT NULL,
    night        INTEGER NOT NULL,
    started      INTEGER NOT NULL,
    access       TEXT NOT NULL,
    basis        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX visit_row_by_place ON visit_row (place, night);
CREATE INDEX visit_row_by_started ON visit_row (started);

CREATE TABLE count_row (
    visit             BLOB NOT NULL,
    record            BLOB NOT NULL,
    method            TEXT NOT NULL,
    low               INTEGER,
    best              INTEGER NOT NULL,
    high              INTEGER,
    adults            INTEGER NOT NULL,
    children          INTEGER NOT NULL,
    unknown           INTEGER NOT NULL,
    eu_eea            INTEGER NOT NULL,
    third_country     INTEGER NOT NULL,
    tents             INTEGER,
    tents_opened      INTEGER,
    persons_in_opened INTEGER,
    PRIMARY KEY (visit, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE encounter_row (
    visit      BLOB NOT NULL,
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

CREATE TABLE alert_row (
    document     BLOB PRIMARY KEY,
    organisation TEXT NOT NULL,
    category     TEXT NOT NULL,
    place        BLOB,
    opened       INTEGER NOT NULL,
    closed       INTEGER,
    outcome      TEXT NOT NULL,
    calls        INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_row_by_opened ON alert_row (opened);

CREATE TABLE feedback_row (
    document     BLOB PRIMARY KEY,
    organisation TEXT NOT NULL,
    about        TEXT,
    language     TEXT NOT NULL,
    at           INTEGER NOT NULL,
    handling     TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX feedback_row_by_at ON feedback_row (at);

-- What all organisations together saw at a place on a night, places that are
-- the same taken together: the sufficient statistics of the estimate.
CREATE TABLE place_night (
    place             BLOB NOT NULL,
    night             INTEGER NOT NULL,
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
    PRIMARY KEY (place, night)
) STRICT, WITHOUT ROWID;

CREATE INDEX place_night_recounted ON place_night (night) WHERE complete >= 2;
CREATE INDEX place_night_opened ON place_night (night) WHERE opened IS NOT NULL;

-- What an organisation did at a place on a night, for the other organisations.
-- A row that is no longer true stays, not present, so that phones hear of it.
CREATE TABLE coverage (
    place        BLOB NOT NULL,
    night        INTEGER NOT NULL,
    organisation TEXT NOT NULL,
    complete     INTEGER NOT NULL,
    persons      INTEGER,
    present      INTEGER NOT NULL,
    cursor       INTEGER NOT NULL,
    PRIMARY KEY (place, night, organisation)
) STRICT, WITHOUT ROWID;

CREATE INDEX coverage_by_cursor ON coverage (cursor);

-- What erasure leaves of visits: for a place and a night the observations, in
-- an order that says nothing of who made them. No document, no device, no text.
CREATE TABLE archive (
    place        BLOB NOT NULL,
    night        INTEGER NOT NULL,
    access       TEXT NOT NULL,
    last_started INTEGER NOT NULL,
    -- JSON: the observations, sorted.
    observations TEXT NOT NULL,
    PRIMARY KEY (place, night)
) STRICT, WITHOUT ROWID;

CREATE INDEX archive_by_night ON archive (night);
