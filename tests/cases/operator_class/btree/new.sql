create type p as (x int);
create function p_lt(p, p) returns boolean language sql immutable as 'select $1.x < $2.x';
create function p_le(p, p) returns boolean language sql immutable as 'select $1.x <= $2.x';
create function p_eq(p, p) returns boolean language sql immutable as 'select $1.x = $2.x';
create function p_ge(p, p) returns boolean language sql immutable as 'select $1.x >= $2.x';
create function p_gt(p, p) returns boolean language sql immutable as 'select $1.x > $2.x';
create function p_cmp(p, p) returns int language sql immutable as 'select $1.x - $2.x';
create operator <<! (function = p_lt, leftarg = p, rightarg = p);
create operator <=! (function = p_le, leftarg = p, rightarg = p);
create operator =! (function = p_eq, leftarg = p, rightarg = p);
create operator >=! (function = p_ge, leftarg = p, rightarg = p);
create operator >>! (function = p_gt, leftarg = p, rightarg = p);
create operator class p_ops for type p using btree as
  operator 1 <<!, operator 2 <=!, operator 3 =!, operator 4 >=!, operator 5 >>!, function 1 p_cmp(p, p);
create operator family "Other" using btree;
create operator class "P" for type p using btree family "Other" as
  operator 1 <<!, operator 3 =!, function 1 p_cmp(p, p);
create table t (p p);
create index on t (p p_ops);
comment on operator class p_ops using btree is 'by x';
