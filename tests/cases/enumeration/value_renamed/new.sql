CREATE TYPE state AS ENUM (
    'open',
    'closed' -- @renamed from=shut
);
CREATE TABLE door (state state DEFAULT 'closed');
