CREATE TABLE stays (id int);
CREATE TABLE "äääääääääääääääääääääääääääääää_" (
    id serial PRIMARY KEY,
    "a column name that is exactly sixty-three bytes long, not more!" int UNIQUE CHECK ("a column name that is exactly sixty-three bytes long, not more!" > 0)
);
