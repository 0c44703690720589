--@ function
create type functional as (x integer);
create function functional_eq(functional, functional) returns boolean language sql immutable as 'select $1.x = $2.x';
create function functional_other(functional, functional) returns boolean language sql immutable as 'select true';
create operator === (function = {{functional_eq|functional_other}}, leftarg = functional, rightarg = functional);

--@ commutator
create type commuted as (x integer);
create function commuted_eq(commuted, commuted) returns boolean language sql immutable as 'select $1.x = $2.x';
create operator === (function = commuted_eq, leftarg = commuted, rightarg = commuted{{|, commutator = ===}});

--@ restrict
create type restricted as (x integer);
create function restricted_eq(restricted, restricted) returns boolean language sql immutable as 'select $1.x = $2.x';
create operator === (function = restricted_eq, leftarg = restricted, rightarg = restricted{{, restrict = eqsel|, restrict = neqsel}});

--@ join
create type joined as (x integer);
create function joined_eq(joined, joined) returns boolean language sql immutable as 'select $1.x = $2.x';
create operator === (function = joined_eq, leftarg = joined, rightarg = joined{{, join = eqjoinsel|, join = neqjoinsel}});

--@ hashes
create type hashed as (x integer);
create function hashed_eq(hashed, hashed) returns boolean language sql immutable as 'select $1.x = $2.x';
create operator === (function = hashed_eq, leftarg = hashed, rightarg = hashed, commutator = ==={{|, hashes}});

--@ merges
create type merged as (x integer);
create function merged_eq(merged, merged) returns boolean language sql immutable as 'select $1.x = $2.x';
create operator === (function = merged_eq, leftarg = merged, rightarg = merged, commutator = ==={{|, merges}});

--@ negator
--@ negator: and the other way round
create type negated as (x integer);
create function negated_eq(negated, negated) returns boolean language sql immutable as 'select $1.x = $2.x';
create function negated_ne(negated, negated) returns boolean language sql immutable as 'select $1.x <> $2.x';
create operator === (function = negated_eq, leftarg = negated, rightarg = negated);
create operator !== (function = negated_ne, leftarg = negated, rightarg = negated{{|, negator = ===}});
