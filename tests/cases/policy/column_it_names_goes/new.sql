CREATE TABLE doc (id int, draft boolean, author name);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON doc USING (author = current_user) WITH CHECK (author = 'it''s');
CREATE POLICY drafts ON doc FOR SELECT TO planwright_writer, "planwright ""odd"" ; role" USING (NOT draft);
COMMENT ON POLICY mine ON doc IS 'own documents';
