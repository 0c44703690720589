CREATE SUBSCRIPTION follow CONNECTION 'host=h2 user=u' PUBLICATION q, "P" WITH (connect = false, slot_name = NONE, binary, synchronous_commit = local, streaming);
COMMENT ON SUBSCRIPTION follow IS 'x';
