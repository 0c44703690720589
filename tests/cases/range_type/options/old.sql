create type plain as range (subtype = float8);
create type words as range (subtype = text, collation = "C");
create type timerange as range (subtype = time);
create function time_diff(x time, y time) returns float8 language sql strict immutable as 'select extract(epoch from (x - y))::float8';
