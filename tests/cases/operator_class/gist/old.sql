create operator class box_old for type box using gist as
  operator 1 <<, function 1 gist_box_consistent(internal, box, smallint, oid, internal),
  function 2 gist_box_union(internal, internal), function 5 gist_box_penalty(internal, internal, internal),
  function 6 gist_box_picksplit(internal, internal), function 7 gist_box_same(box, box, internal);
