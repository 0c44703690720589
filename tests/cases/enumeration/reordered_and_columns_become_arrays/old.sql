CREATE TYPE size AS ENUM ('small', 'medium', 'large');
CREATE TABLE shirt (sizes size, price integer);
