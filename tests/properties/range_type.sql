--@ subtype
create type subtyped as range (subtype = {{integer|bigint}});

--@ operator_class
create type classed as range (subtype = text{{|, subtype_opclass = text_pattern_ops}});

--@ collation
create type collated as range (subtype = text{{|, collation = "C"}});

--@ canonical
create type canonical;
create function canonical_canonical(canonical) returns canonical language internal immutable strict as 'int4range_canonical';
create type canonical as range (subtype = integer{{|, canonical = canonical_canonical}});

--@ difference
create type differs as range (subtype = float8{{|, subtype_diff = float8mi}});

--@ multirange (since 14)
create type many as range (subtype = float8, multirange_type_name = {{much|more}});
