CREATE TYPE size AS ENUM ('small', 'large');
CREATE TABLE shirt (size size NOT NULL DEFAULT 'small');
CREATE INDEX shirt_size ON shirt (size);
