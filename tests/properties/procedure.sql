--@ definition, security_definer
create procedure guarded() language sql {{|security definer}} as 'select 1';

--@ definition: body
create procedure body() language sql as 'select {{1|2}}';

--@ definition: settings
create procedure sets() language sql set work_mem = '{{1MB|2MB}}' as 'select 1';

--@ definition: parameter's default
create procedure defaults(a integer default {{1|2}}) language sql as 'select 1';

--@ definition, outputs (since 14)
create procedure outputs(out a {{integer|bigint}}) language sql as 'select 1';

--@ definition, inputs: a parameter renamed
create procedure parameters({{a|b}} integer) language sql as 'select 1';

--@ defaults, definition: a default less
create procedure omits(a integer {{|default 1}}) language sql as 'select 1';
