CREATE TYPE size AS ENUM ('large', 'small');
CREATE TABLE shirt (size size NOT NULL DEFAULT 'small');
CREATE INDEX shirt_size ON shirt (size);
