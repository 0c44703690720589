CREATE OPERATOR FAMILY mixed USING hash;
ALTER OPERATOR FAMILY mixed USING hash ADD
    OPERATOR 1 = (int4, int8), FUNCTION 1 (int8, int8) hashint8(int8), FUNCTION 1 (int4, int4) hashint4(int4);
CREATE TABLE stays (id int);
