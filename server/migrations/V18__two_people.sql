-- What needs two people: asked for by one, and done when somebody of another organisation,
-- or an administrator, confirms it in time.
CREATE TABLE pending_acts (
    id           INTEGER PRIMARY KEY,
    act          TEXT NOT NULL,
    -- What it is done to: a document, a device, a key's fingerprint.
    subject      TEXT NOT NULL,
    -- Of an undo: since when, and whether the device's quarantine goes as well.
    since        INTEGER,
    quarantine   INTEGER NOT NULL DEFAULT 0,
    asked_by     BLOB NOT NULL,
    asked_at     INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    settled      TEXT CHECK (settled IN ('confirmed', 'withdrawn')),
    settled_by   BLOB,
    settled_at   INTEGER
) STRICT;

-- What one device said since a time, taken back; or such an undo, itself taken back.
CREATE TABLE undos (
    id         INTEGER PRIMARY KEY,
    -- The device whose changes are taken back.
    device     BLOB NOT NULL,
    -- By when the server received them; of an undo of an undo, when that was made.
    since      INTEGER NOT NULL,
    -- The undo that this one takes back.
    of         INTEGER REFERENCES undos (id),
    -- The actor of its own changes is the server's hand with this session.
    session    BLOB NOT NULL CHECK (length(session) = 8),
    made_at    INTEGER NOT NULL,
    -- The device that asked for it; none for the command line.
    made_by    BLOB,
    -- How far it has come in the log, and until where it goes: what comes later stays.
    cursor     INTEGER NOT NULL DEFAULT 0,
    until      INTEGER NOT NULL,
    done_at    INTEGER,
    -- Entries of the quarantine that were discarded with it.
    discarded  INTEGER NOT NULL DEFAULT 0
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
