CREATE SCHEMA part;
CREATE TABLE one (id int PRIMARY KEY, label text);
CREATE PUBLICATION feed FOR TABLE one (id, label) WHERE (id > 10);
CREATE PUBLICATION whole FOR TABLES IN SCHEMA part WITH (publish_via_partition_root);
