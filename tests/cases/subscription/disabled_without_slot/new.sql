CREATE TABLE stays (id int);
CREATE SUBSCRIPTION follow CONNECTION 'host=nowhere dbname=''it\''s''' PUBLICATION feed, "other; one" WITH (connect = false, slot_name = NONE, synchronous_commit = 'remote_apply');
