-- An alert that was taken back keeps its row: whoever takes over sees it struck through.
-- The read model is made anew when the store is opened.
ALTER TABLE alert_row ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
-- Proposals about a place that nobody has decided yet.
ALTER TABLE place_row ADD COLUMN open_proposals INTEGER NOT NULL DEFAULT 0;
CREATE INDEX place_row_proposed ON place_row (document) WHERE open_proposals > 0;
