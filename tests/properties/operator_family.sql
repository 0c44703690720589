create operator family f using btree;
create operator family g using btree;

--@ members
alter operator family f using btree add operator 1 < (int4, int8){{|, operator 3 = (int4, int8)}};

--@ members: functions
alter operator family g using btree add function 1 (int4, int8) btint48cmp(int4, int8){{|, function 1 (int8, int4) btint84cmp(int8, int4)}};
