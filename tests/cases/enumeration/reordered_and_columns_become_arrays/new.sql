CREATE TYPE size AS ENUM ('large', 'medium', 'small');
CREATE TABLE shirt (sizes size[], price integer);
