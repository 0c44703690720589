create table users (id integer primary key, email varchar(50), "Old Name" text);
create view active as select id, email, "Old Name" from users where email is not null;
create view domains as select split_part(email, '@', 2) as domain, count(*) from active group by 1;
comment on view domains is 'who writes from where';
comment on column domains.domain is 'after the @';
create view "Top; drop" as select * from domains order by 2 desc;
