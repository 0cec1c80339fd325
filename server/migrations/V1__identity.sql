-- Who may do what. Times are milliseconds since 1970 UTC; secrets are kept as
-- SHA-256 only.

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
