CREATE TABLE tasks (id integer, state text);
CREATE FUNCTION active() RETURNS SETOF tasks LANGUAGE sql STABLE AS $$ SELECT * FROM tasks WHERE state = 'active' $$;
CREATE VIEW todo AS SELECT * FROM active();
