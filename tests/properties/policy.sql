create table t (a integer, b integer);

--@ command
create policy commands on t for {{select|delete}};

--@ restrictive
create policy restricts on t as {{permissive|restrictive}};

--@ roles
create policy roles on t to {{planwright_reader|planwright_writer}};

--@ roles: all
create policy everybody on t to {{planwright_reader|public}};

--@ using
create policy shows on t using (a > {{0|1}});

--@ using: nothing said
create policy says on t {{|using (a > 1)}} with check (a > 0);

--@ check
create policy checks on t with check (a > {{0|1}});

--@ check: nothing said
create policy writes on t using (a > 0) {{|with check (a > 0)}};
