CREATE SUBSCRIPTION follow CONNECTION 'host=h user=u dbname=d' PUBLICATION p WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION gone CONNECTION 'postgresql://u@h/d' PUBLICATION p WITH (connect = false, slot_name = NONE);
