CREATE FUNCTION nearly(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 2';
CREATE FUNCTION not_nearly(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) >= 2';
CREATE OPERATOR ~~~ (LEFTARG = int, RIGHTARG = int, FUNCTION = nearly, COMMUTATOR = ~~~, NEGATOR = !~~~, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE OPERATOR !~~~ (LEFTARG = int, RIGHTARG = int, FUNCTION = not_nearly, COMMUTATOR = !~~~, NEGATOR = ~~~);
COMMENT ON OPERATOR ~~~ (int, int) IS 'nearly';
CREATE TABLE stays (id int CHECK (id ~~~ 7));
