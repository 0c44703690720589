create type p as (x int);
create function p_eq(p, p) returns boolean language sql immutable as 'select $1.x = $2.x';
create function p_ne(p, p) returns boolean language sql immutable as 'select $1.x <> $2.x';
create function p_neg(p) returns int language sql immutable as 'select - $1.x';
create operator === (function = p_eq, leftarg = p, rightarg = p, commutator = ===, restrict = neqsel, hashes, merges, negator = !==);
create operator !== (function = p_ne, leftarg = p, rightarg = p, commutator = !==, negator = ===, restrict = neqsel, join = neqjoinsel);
create schema s;
create operator s.!! (function = p_neg, rightarg = p);
comment on operator s.!! (none, p) is 'negative';
