-- In whose name: the member, beside the device that it was done from.
ALTER TABLE audit ADD COLUMN member INTEGER;
ALTER TABLE undos ADD COLUMN by_member INTEGER;
