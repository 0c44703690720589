CREATE TABLE doc (id int);
CREATE TABLE team (doc int, member name);
CREATE FUNCTION may_read(d int) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT EXISTS (SELECT FROM team WHERE doc = d)';
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_team ON doc FOR ALL USING (EXISTS (SELECT FROM team t WHERE t.doc = doc.id AND t.member = current_user));
CREATE POLICY by_function ON doc FOR UPDATE USING (may_read(id));
