-- Indexes that each append paid for: a document's changes are found by the index
-- that keeps them unique (all of them, which a document's greatest size bounds), and
-- a rebuild reads the documents in the table's order.
DROP INDEX changes_by_document;
DROP INDEX documents_by_last;
