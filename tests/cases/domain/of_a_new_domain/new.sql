CREATE DOMAIN amount AS integer;
CREATE DOMAIN price AS amount;
CREATE TABLE goods (price price);
