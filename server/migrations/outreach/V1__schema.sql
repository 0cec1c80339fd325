-- The tables of outreach, by topic. Times are milliseconds since 1970 UTC; nights are days
-- since 1970-01-01.

-- Accounts: who may do what. Secrets are kept as SHA-256 only.

CREATE TABLE organisations (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    id           INTEGER PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    role         TEXT NOT NULL CHECK (role IN ('worker', 'coordinator', 'reader', 'duty', 'administrator')),
    label        TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    removed_at   INTEGER
) STRICT;

CREATE INDEX members_by_organisation ON members (organisation);

CREATE TABLE devices (
    id           BLOB PRIMARY KEY CHECK (length(id) = 8),
    member       INTEGER NOT NULL REFERENCES members (id),
    public_key   BLOB NOT NULL CHECK (length(public_key) = 65),
    token_hash   BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    label        TEXT NOT NULL,
    enrolled_at  INTEGER NOT NULL,
    last_seen_at INTEGER,
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX devices_by_member ON devices (member);

CREATE TABLE invitations (
    code_hash    BLOB PRIMARY KEY CHECK (length(code_hash) = 32),
    role         TEXT NOT NULL CHECK (role IN ('worker', 'coordinator', 'reader', 'duty', 'administrator')),
    organisation TEXT NOT NULL REFERENCES organisations (id),
    label        TEXT NOT NULL,
    made_by      BLOB REFERENCES devices (id),
    made_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER,
    used_by      BLOB REFERENCES devices (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token_hash   BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    device       BLOB NOT NULL REFERENCES devices (id),
    started_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_device ON sessions (device);

-- The fingerprint of the team key, so that a phone can tell whether it has the right one.
-- The key itself never comes here.
CREATE TABLE team_key (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    fingerprint TEXT NOT NULL,
    set_at      INTEGER NOT NULL
) STRICT;

-- The log. Whatever phones must hear of takes the next cursor: a change, an erasure, a row
-- of coverage, a draw.

CREATE TABLE head (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    cursor INTEGER NOT NULL,
    -- Tells one life of the data from another: drawn when the file is made, and again when
    -- it is restored from a backup.
    epoch  INTEGER NOT NULL
) STRICT;

INSERT INTO head (one, cursor, epoch) VALUES (1, 0, 1 + abs(random() % 4294967296));

-- A document has a number inside the database: its first cursor, which goes up as
-- documents come and is never given again. What hangs on a document is found by its number,
-- so that what arrives together lies together.
CREATE TABLE documents (
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
    -- The changes that no other builds on, 32 bytes each, sorted: what a phone that has
    -- read the document holds.
    heads           BLOB
) STRICT;

-- What a phone reads: every place, and its own organisation's other documents.
CREATE INDEX documents_places ON documents (last_cursor) WHERE kind = 'place';
CREATE INDEX documents_others ON documents (organisation, last_cursor) WHERE kind <> 'place';

CREATE TABLE changes (
    cursor      INTEGER PRIMARY KEY,
    -- Its document's number: the cursor of the first of them.
    document    INTEGER NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    device      BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    late        INTEGER NOT NULL,
    bytes       BLOB NOT NULL
) STRICT;

-- A document's first change is found by its cursor, and most documents never have another:
-- only later changes need an index. The hash is not unique by itself: two documents made
-- alike within a second begin with the same change.
CREATE UNIQUE INDEX changes_later ON changes (document, hash) WHERE cursor <> document;

CREATE TABLE erased (
    document  BLOB PRIMARY KEY CHECK (length(document) = 16),
    cursor    INTEGER NOT NULL,
    erased_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX erased_by_cursor ON erased (cursor);

-- Quarantine: what was not let in. Capped: the oldest go first.

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
    -- What a coordinator decided. The row stays, without its bytes, so that the phone's
    -- next offer of the same is known again.
    settled      TEXT CHECK (settled IN ('released', 'discarded')),
    UNIQUE (device, document, digest)
) STRICT;

CREATE INDEX quarantine_by_organisation ON quarantine (organisation, id);
CREATE INDEX quarantine_by_document ON quarantine (document);

-- The read model: what is computed from the documents. `lagesbild rebuild` makes the same
-- rows again from the log and the archive.

-- By which version of `projection` the read model was made: another one makes it anew when
-- the store is opened.
CREATE TABLE projected (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL
) STRICT;

INSERT INTO projected (one, version) VALUES (1, 0);

CREATE TABLE place_row (
    document       BLOB PRIMARY KEY,
    name           TEXT NOT NULL,
    place_type     TEXT NOT NULL,
    district       TEXT NOT NULL,
    state          TEXT NOT NULL,
    -- From when the state holds; the place's creation when it has none.
    state_at       INTEGER NOT NULL,
    created        INTEGER NOT NULL,
    withdrawn      INTEGER NOT NULL,
    same_as        BLOB,
    -- The place it counts as: itself, or the end of the chain of same_as.
    target         BLOB NOT NULL,
    -- Proposals about it that nobody has decided yet.
    open_proposals INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX place_row_by_same_as ON place_row (same_as) WHERE same_as IS NOT NULL;
CREATE INDEX place_row_by_target ON place_row (target);
CREATE INDEX place_row_proposed ON place_row (document) WHERE open_proposals > 0;

-- Visits that were not taken back, in the order in which they come and in which
-- place-nights are worked out: one reading gives all of a night.
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
    -- CBOR: what its counts say of the place, sorted; the form that erasure keeps.
    observed     BLOB NOT NULL DEFAULT x'80',
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

-- What encounters were about, for following up what an organisation did: a row for each
-- need, language, contact and topic.
CREATE TABLE encounter_item (
    visit  INTEGER NOT NULL,
    record BLOB NOT NULL,
    sort   TEXT NOT NULL,
    code   TEXT NOT NULL,
    -- Of a topic: the leaflet, as version/language; empty when it was told.
    detail TEXT NOT NULL,
    PRIMARY KEY (visit, record, sort, code)
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
    acknowledged INTEGER NOT NULL,
    -- One that was taken back keeps its row: whoever takes over sees it struck through.
    withdrawn    INTEGER NOT NULL DEFAULT 0
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

-- What all organisations together saw at a place on a night, places that are the same taken
-- together: the sufficient statistics of the estimate. By night first: what comes of a night
-- changes a few pages, however many nights there are.
CREATE TABLE place_night (
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

-- For a place's earlier nights. Changes with the first visit of a night only.
CREATE INDEX place_night_by_place ON place_night (place, night);
CREATE INDEX place_night_recounted ON place_night (night) WHERE complete >= 2;
CREATE INDEX place_night_opened ON place_night (night) WHERE opened IS NOT NULL;

-- Place-nights that must be worked out anew and were too many for one job of the writer:
-- joining two places moves every night at either. `place` is the one that counts.
CREATE TABLE night_due (
    night INTEGER NOT NULL,
    place BLOB NOT NULL,
    PRIMARY KEY (night, place)
) STRICT, WITHOUT ROWID;

-- What an organisation did at a place on a night, for the other organisations. A row that
-- is no longer true stays, not present, so that phones hear of it.
CREATE TABLE coverage (
    night        INTEGER NOT NULL,
    place        BLOB NOT NULL,
    organisation TEXT NOT NULL,
    complete     INTEGER NOT NULL,
    persons      INTEGER,
    present      INTEGER NOT NULL,
    cursor       INTEGER NOT NULL,
    PRIMARY KEY (night, place, organisation)
) STRICT, WITHOUT ROWID;

CREATE INDEX coverage_by_cursor ON coverage (cursor);

-- The archive: what erasure leaves of visits. For a place and a night the observations, in
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

-- Draws: the places that chance chose in a period.

CREATE TABLE draws (
    -- First night of the period.
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

-- Retention.

-- Documents past their retention, by number. They are destroyed some days after they were
-- hidden; until then a person can take them out again.
CREATE TABLE hidden (
    document  INTEGER PRIMARY KEY,
    hidden_at INTEGER NOT NULL
) STRICT;

-- Documents whose retention does not run from their receipt: a person took them out of
-- hiding, or the receipt bears a time that had not come yet.
CREATE TABLE kept (
    document INTEGER PRIMARY KEY,
    -- From when it runs instead.
    since    INTEGER NOT NULL,
    -- Taken out of hiding, the log's entry that says so: phones that read past the document
    -- meanwhile get it with that; else 0.
    cursor   INTEGER NOT NULL
) STRICT;

-- The server's times, of which no single start with a wrong clock can be the judge.
CREATE TABLE times (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    -- The latest time at which the store was at work, by clocks that did not jump; 0 before
    -- that is known.
    mark        INTEGER NOT NULL,
    -- What was received before counts as received then.
    counts_from INTEGER NOT NULL DEFAULT 0,
    -- When a person last said that retention may go on; how many documents of a kind it may
    -- then hide within a day, whatever the usual share.
    went_on_at  INTEGER NOT NULL DEFAULT 0,
    allowed     INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO times (one, mark) VALUES (1, 0);

-- Acts and undos.

-- What needs two people: asked for by one, and done when somebody of another organisation,
-- or an administrator, confirms it in time.
CREATE TABLE pending_acts (
    id         INTEGER PRIMARY KEY,
    act        TEXT NOT NULL,
    -- What it is done to: a document, a device, a key's fingerprint.
    subject    TEXT NOT NULL,
    -- Of an undo: since when, and whether the device's quarantine goes as well.
    since      INTEGER,
    quarantine INTEGER NOT NULL DEFAULT 0,
    asked_by   BLOB NOT NULL,
    asked_at   INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    settled    TEXT CHECK (settled IN ('confirmed', 'withdrawn')),
    settled_by BLOB,
    settled_at INTEGER
) STRICT;

-- What one device said since a time, taken back; or such an undo, itself taken back.
CREATE TABLE undos (
    id        INTEGER PRIMARY KEY,
    -- The device whose changes are taken back.
    device    BLOB NOT NULL,
    -- By when the server received them; of an undo of an undo, when that was made.
    since     INTEGER NOT NULL,
    -- The undo that this one takes back.
    of        INTEGER REFERENCES undos (id),
    -- The actor of its own changes is the server's own with this session.
    session   BLOB NOT NULL CHECK (length(session) = 8),
    made_at   INTEGER NOT NULL,
    -- The device that asked for it; none for the command line.
    made_by   BLOB,
    -- The member who asked for it; none for the command line.
    by_member INTEGER,
    -- How far it has come in the log, and until where it goes: what comes later stays.
    cursor    INTEGER NOT NULL DEFAULT 0,
    until     INTEGER NOT NULL,
    done_at   INTEGER,
    -- Entries of the quarantine that were discarded with it.
    discarded INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What became of each document: how many fields were set back, and how many not.
CREATE TABLE undone_documents (
    undo     INTEGER NOT NULL REFERENCES undos (id),
    document BLOB NOT NULL,
    changed  INTEGER NOT NULL,
    -- JSON: paths that were left as they are, each with a code that says why; no content.
    left     TEXT NOT NULL,
    PRIMARY KEY (undo, document)
) STRICT, WITHOUT ROWID;

-- Jobs.

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

-- The audit: who did what. Each row's hash covers the one before it.

CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    -- Who did it; none for the server itself and its command line.
    member   INTEGER,
    -- With which device; none when it was with none.
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
