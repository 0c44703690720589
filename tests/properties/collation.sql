--@ lc_collate, lc_ctype, locale, provider
create collation provided (provider = {{libc|icu}}, locale = 'C');

--@ locale
create collation located (provider = icu, locale = '{{de|fr}}');

--@ lc_collate
create collation sorted (lc_collate = '{{C|POSIX}}', lc_ctype = 'C');

--@ lc_ctype
create collation typed (lc_collate = 'C', lc_ctype = '{{C|POSIX}}');

--@ nondeterministic
create collation same (provider = icu, locale = 'und'{{|, deterministic = false}});

--@ rules (since 16)
create collation ruled (provider = icu, locale = 'und'{{|, rules = '&a < g'}});
