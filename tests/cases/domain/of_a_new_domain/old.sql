CREATE DOMAIN price AS integer;
CREATE TABLE goods (price price);
