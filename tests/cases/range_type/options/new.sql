create type plain as range (subtype = float8, subtype_diff = float8mi, multirange_type_name = many_plain);
create type words as range (subtype = text, subtype_opclass = text_pattern_ops);
create function time_diff(x time, y time) returns float8 language sql strict immutable as 'select extract(epoch from (x - y))::float8';
create type timerange as range (subtype = time, subtype_diff = time_diff);
create type dates as range (subtype = date);
