CREATE TYPE state AS ENUM ('open', 'shut');
CREATE TABLE door (state state DEFAULT 'shut');
