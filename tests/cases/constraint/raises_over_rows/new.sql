-- What is wrong with a row that is there already is said by the function, not by the constraint.
CREATE FUNCTION is_good(number integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
    AS 'BEGIN IF number < 1000000 THEN RAISE EXCEPTION ''too small: %'', number; END IF; RETURN true; END';
CREATE TABLE ticket (number integer NOT NULL, holder text, CONSTRAINT good CHECK (is_good(number)));
