-- The changes that no other builds on, 32 bytes each, sorted: what a phone that
-- has read the document holds. None for documents that have not grown since this
-- column was added.
ALTER TABLE documents ADD COLUMN heads BLOB;
