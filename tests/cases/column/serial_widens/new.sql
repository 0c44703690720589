CREATE TABLE item (id bigserial PRIMARY KEY);
CREATE TABLE part (item bigint REFERENCES item (id));
