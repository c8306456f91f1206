-- The steps of `serverful migrate`. Each query returns statements, one in a row, which the program runs before the next
-- query. `main` is the store, and `model` a new store. A table with another definition is called "NAME before migration" for
-- a while.

-- What an admin has added besides tables is read first, and created last.
CREATE TEMP TABLE added AS
    SELECT type, sql FROM main.sqlite_schema o
    WHERE type <> 'table' AND sql IS NOT NULL AND NOT EXISTS (SELECT 1 FROM model.sqlite_schema m WHERE m.name = o.name);

-- Triggers first: a view takes its triggers with it. SQLite's own indexes have no SQL.
SELECT printf('DROP %s main."%w"', type, name)
FROM main.sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY type <> 'trigger';

SELECT printf('ALTER TABLE main."%w" RENAME TO "%w before migration"', name, name)
FROM main.sqlite_schema o JOIN model.sqlite_schema m USING (type, name) WHERE type = 'table' AND o.sql <> m.sql;

SELECT sql FROM model.sqlite_schema m
WHERE type = 'table' AND NOT EXISTS (SELECT 1 FROM main.sqlite_schema o WHERE o.name = m.name);

-- Columns that an admin has added, generated ones too, as their table defines them.
SELECT printf('ALTER TABLE main."%w" ADD COLUMN %s', m.name, column_definition(o.sql, c.cid))
FROM model.sqlite_schema m JOIN main.sqlite_schema o ON o.name = m.name || ' before migration'
    JOIN pragma_table_xinfo(o.name, 'main') c
WHERE m.type = 'table' AND c.name COLLATE NOCASE NOT IN (SELECT name FROM pragma_table_info(m.name, 'main'))
ORDER BY m.name, c.cid;

SELECT printf('INSERT INTO main."%w" (%s) SELECT %s FROM main."%w"', table_name, columns, columns, old_name)
FROM (
    SELECT m.name AS table_name, o.name AS old_name,
        (SELECT group_concat(printf('"%w"', name)) FROM pragma_table_info(o.name, 'main')) AS columns
    FROM model.sqlite_schema m JOIN main.sqlite_schema o ON o.name = m.name || ' before migration');

SELECT printf('DROP TABLE main."%w"', o.name)
FROM model.sqlite_schema m JOIN main.sqlite_schema o ON o.name = m.name || ' before migration';

-- Rows that each store has. The images of a new store are examples, which the admin of this one may have deleted.
SELECT printf('INSERT OR IGNORE INTO main."%w" (%s) SELECT %s FROM model."%w"', table_name, columns, columns, table_name)
FROM (
    SELECT m.name AS table_name,
        (SELECT group_concat(printf('"%w"', name)) FROM pragma_table_info(m.name, 'model')) AS columns
    FROM model.sqlite_schema m WHERE m.type = 'table' AND m.name <> 'images');

-- Triggers last: those on views need their view, and some refuse rows that were copied above.
SELECT sql FROM model.sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY type = 'trigger';

SELECT sql FROM temp.added ORDER BY type = 'trigger';
