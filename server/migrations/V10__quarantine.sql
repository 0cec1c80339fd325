-- What a coordinator decided: 'released' or 'discarded'. The row stays, without
-- its bytes, so that the phone's next offer of the same is known again.
ALTER TABLE quarantine ADD COLUMN settled TEXT CHECK (settled IN ('released', 'discarded'));
