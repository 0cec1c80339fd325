-- The fingerprint of the team key, so that a phone can tell whether it has the
-- right one. The key itself never comes here.
CREATE TABLE team_key (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    fingerprint TEXT NOT NULL,
    set_at      INTEGER NOT NULL
) STRICT;

-- What encounters were about, for following up what an organisation did: a row
-- for each need, language, contact and topic. Part of the read model.
CREATE TABLE encounter_item (
    visit  BLOB NOT NULL,
    record BLOB NOT NULL,
    sort   TEXT NOT NULL,
    code   TEXT NOT NULL,
    -- Of a topic: the leaflet, as version/language; empty when it was told.
    detail TEXT NOT NULL,
    PRIMARY KEY (visit, record, sort, code)
) STRICT, WITHOUT ROWID;
