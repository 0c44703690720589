create table p(id int primary key);
create table t1(id int not null, r int not null, v int, p_id int constraint t_p_id_fkey references p, constraint t1_pkey primary key (id, r), constraint ck check (v > 0));
create index t1_v_idx on t1(v);
