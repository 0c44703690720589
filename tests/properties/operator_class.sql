create operator family one using btree;
create operator family two using btree;

--@ default
create type defaulted as enum ('a');
create operator class defaulted_ops {{|default}} for type defaulted using hash as operator 1 = (anyenum, anyenum), function 1 (defaulted, defaulted) hashenum(anyenum);

--@ family
create operator class familiar for type integer using btree family {{one|two}} as operator 1 <, function 1 btint4cmp(int4, int4);

--@ storage
create operator class stored for type integer using gin as operator 1 =, function 1 btint4cmp(int4, int4){{|, storage bigint}};

--@ members: operators
create operator class members for type integer using btree as operator 1 <, {{|operator 3 =, }}function 1 btint4cmp(int4, int4);

--@ members: functions
create function compares(int4, int4) returns int4 language internal immutable strict as 'btint4cmp';
create operator class functions for type integer using btree as operator 1 <, function 1 {{btint4cmp|compares}}(int4, int4);
