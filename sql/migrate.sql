-- The steps of `serverful migrate`. Each query returns statements, which the program runs before the next query. `main` is
-- the store, and `model` a new store. A table with another definition is called "NAME before migration" for a while.

-- What an admin has added besides tables is read first, and created last.
CREATE TEMP TABLE added AS
    SELECT type, sql FROM main.sqlite_schema o
    WHERE type <> 'table' AND sql IS NOT NULL AND NOT EXISTS (SELECT 1 FROM model.sqlite_schema m WHERE m.name = o.name);

-- Triggers first: a view takes its triggers with it. SQLite's own indexes have no SQL.
SELECT group_concat(printf('DROP %s main."%w"', type, name), ';')
FROM (SELECT type, name FROM main.sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY type <> 'trigger');

SELECT group_concat(printf('ALTER TABLE main."%w" RENAME TO "%w before migration"', name, name), ';')
FROM main.sqlite_schema o JOIN model.sqlite_schema m USING (type, name) WHERE type = 'table' AND o.sql <> m.sql;

SELECT group_concat(sql, ';') FROM model.sqlite_schema m
WHERE type = 'table' AND NOT EXISTS (SELECT 1 FROM main.sqlite_schema o WHERE o.name = m.name);

-- Columns that an admin has added.
SELECT group_concat(printf('ALTER TABLE main."%w" ADD COLUMN "%w" %s%s', m.name, c.name, c.type,
    ifnull(' DEFAULT ' || c.dflt_value, '')), ';')
FROM model.sqlite_schema m JOIN pragma_table_info(m.name || ' before migration', 'main') c
WHERE m.type = 'table' AND c.name NOT IN (SELECT name FROM pragma_table_info(m.name, 'main'));

SELECT group_concat(printf('INSERT INTO main."%w" (%s) SELECT %s FROM main."%w"', table_name, columns, columns, old_name), ';')
FROM (
    SELECT m.name AS table_name, o.name AS old_name,
        (SELECT group_concat(printf('"%w"', name)) FROM pragma_table_info(o.name, 'main')) AS columns
    FROM model.sqlite_schema m JOIN main.sqlite_schema o ON o.name = m.name || ' before migration');

SELECT group_concat(printf('DROP TABLE main."%w"', o.name), ';')
FROM model.sqlite_schema m JOIN main.sqlite_schema o ON o.name = m.name || ' before migration';

-- Rows that each store has. The images of a new store are examples, which the admin of this one may have deleted.
SELECT group_concat(printf('INSERT OR IGNORE INTO main."%w" (%s) SELECT %s FROM model."%w"', table_name, columns, columns,
    table_name), ';')
FROM (
    SELECT m.name AS table_name,
        (SELECT group_concat(printf('"%w"', name)) FROM pragma_table_info(m.name, 'model')) AS columns
    FROM model.sqlite_schema m WHERE m.type = 'table' AND m.name <> 'images');

-- Triggers last: those on views need their view, and some refuse rows that were copied above.
SELECT group_concat(sql, ';')
FROM (SELECT sql FROM model.sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY type = 'trigger');

SELECT group_concat(sql, ';') FROM (SELECT sql FROM temp.added ORDER BY type = 'trigger');
