create function cat(text[], text[]) returns text[] language sql as 'select $1 || $2';
create aggregate nth(fraction double precision order by val anyelement) (sfunc = ordered_set_transition, stype = internal,
  finalfunc = percentile_disc_final, finalfunc_extra, finalfunc_modify = shareable);
comment on aggregate nth(double precision order by anyelement) is 'the nth';
create aggregate place(variadic "any" order by variadic "any") (sfunc = ordered_set_transition_multi, stype = internal,
  finalfunc = dense_rank_final, finalfunc_extra, hypothetical);
comment on aggregate place(variadic "any" order by variadic "any") is 'where';
create aggregate concat_all(variadic parts text[]) (sfunc = cat, stype = text[], initcond = '{}');
