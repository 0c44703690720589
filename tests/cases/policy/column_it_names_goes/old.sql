CREATE TABLE doc (id int, owner text, draft boolean);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON doc USING (owner = current_user);
CREATE POLICY drafts ON doc AS RESTRICTIVE FOR SELECT TO planwright_reader USING (NOT draft);
