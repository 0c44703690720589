create table t(a int, b int, c text) partition by list (a);
create table m partition of t for values in (1) partition by list (b);
create table l partition of m for values in (1);
create table d partition of t default;
create table lone(a int, b int, c text);
