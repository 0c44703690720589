create table m (at date not null, v int) partition by range (at);
create table m1 partition of m for values from ('2026-01-01') to ('2026-02-01');
create index m_v_idx on m (v);
create unique index m_at_idx on m (at);
