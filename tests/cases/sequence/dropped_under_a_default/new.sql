CREATE TABLE one (id bigint);
CREATE TABLE two (id bigint DEFAULT 0);
