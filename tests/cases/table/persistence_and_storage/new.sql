CREATE UNLOGGED TABLE log (id int PRIMARY KEY, body text)
    WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
