create operator class box_old for type box using gist as
  operator 1 <<, operator 2 &<, operator 15 <-> (box, point) for order by pg_catalog.float_ops, function 1 gist_box_consistent(internal, box, smallint, oid, internal),
  function 2 gist_box_union(internal, internal), function 5 gist_box_penalty(internal, internal, internal),
  function 6 gist_box_picksplit(internal, internal), function 7 gist_box_same(box, box, internal);
create operator class points for type point using gist as storage box,
  function 1 gist_point_consistent(internal, point, smallint, oid, internal),
  function 2 gist_box_union(internal, internal), function 3 gist_point_compress(internal), function 5 gist_box_penalty(internal, internal, internal),
  function 6 gist_box_picksplit(internal, internal), function 7 gist_box_same(box, box, internal);
