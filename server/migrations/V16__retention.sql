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
    -- Taken out of hiding, the log's entry that says so: phones that read past the
    -- document meanwhile get it with that; else 0.
    cursor   INTEGER NOT NULL
) STRICT;

-- The server's times, of which no single start with a wrong clock can be the judge.
CREATE TABLE times (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    -- The latest time at which the store was at work, by clocks that did not jump; 0
    -- before that is known.
    mark          INTEGER NOT NULL,
    -- What was received before counts as received then.
    counts_from   INTEGER NOT NULL DEFAULT 0,
    -- When a person last said that retention may go on; how many documents of a kind it
    -- may then hide within a day, whatever the usual share.
    went_on_at    INTEGER NOT NULL DEFAULT 0,
    allowed       INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO times (one, mark) SELECT 1, coalesce(max(received_at), 0) FROM changes;
