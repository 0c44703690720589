INSERT INTO customer SELECT i, 'c' || i FROM generate_series(1, 20) i;
INSERT INTO sale (amount, note, code, price, made, seen, quantity, feeling, customer, counted, paid)
SELECT i, 'note ' || i, 'code' || i, i, '2026-01-01', '2026-01-01', 1, 'happy', 1 + i % 20, i, i % 2 = 0
FROM generate_series(1, 300) i;
INSERT INTO day SELECT '2024-05-05', i FROM generate_series(1, 300) i;
ANALYZE;
