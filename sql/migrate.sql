-- The steps of `serverful migrate`. Each query returns statements, one in a row, which the program runs before the next
-- query. `main` is the store, and `model` a new store. A table with another definition is called "NAME before migration" for
-- a while.

-- What an admin has added besides tables is read first, and created last.
CREATE TEMP TABLE added AS
    SELECT type, sql FROM main.sqlite_schema o
    WHERE type <> 'table' AND sql IS NOT NULL AND NOT EXISTS (SELECT 1 FROM model.sqlite_schema m WHERE m.name = o.name)
        AND tbl_name NOT IN ('edit_history', 'edit_history_limit');

-- Triggers first: a view takes its triggers with it. SQLite's own indexes have no SQL.
SELECT printf('DROP %s main."%w"', type, name)
FROM main.sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY type <> 'trigger';

-- Up to version 3 the history was a table of that name, with the rows of words and images as JSON.
SELECT 'CREATE TEMP TABLE history AS SELECT * FROM main.edit_history'
FROM main.sqlite_schema WHERE type = 'table' AND name = 'edit_history';

SELECT printf('DROP TABLE main.%s', name)
FROM main.sqlite_schema WHERE type = 'table' AND name IN ('edit_history', 'edit_history_limit') ORDER BY name;

-- An admin can have a table with such a name, too, so the names of the replaced tables are kept.
CREATE TEMP TABLE replaced AS
    SELECT name, name || ' before migration' AS old_name
    FROM main.sqlite_schema o JOIN model.sqlite_schema m USING (type, name) WHERE type = 'table' AND o.sql <> m.sql;

SELECT printf('ALTER TABLE main."%w" RENAME TO "%w"', name, old_name) FROM temp.replaced;

SELECT sql FROM model.sqlite_schema m
WHERE type = 'table' AND NOT EXISTS (SELECT 1 FROM main.sqlite_schema o WHERE o.name = m.name);

-- Columns that an admin has added, generated ones too, as their table defines them.
SELECT printf('ALTER TABLE main."%w" ADD COLUMN %s', r.name, column_definition(o.sql, c.cid))
FROM temp.replaced r JOIN main.sqlite_schema o ON o.name = r.old_name JOIN pragma_table_xinfo(r.old_name, 'main') c
WHERE c.name COLLATE NOCASE NOT IN (SELECT name FROM pragma_table_info(r.name, 'main'))
ORDER BY r.name, c.cid;

SELECT printf('INSERT INTO main."%w" (%s) SELECT %s FROM main."%w"', name, columns, columns, old_name)
FROM (
    SELECT name, old_name,
        (SELECT group_concat(printf('"%w"', c.name)) FROM pragma_table_info(old_name, 'main') c) AS columns
    FROM temp.replaced);

SELECT printf('DROP TABLE main."%w"', old_name) FROM temp.replaced;

-- Each row of such a history becomes an edit, with a row for the key before and, where that was changed, for the one after.
SELECT statement FROM (
    SELECT 1 AS n, 'INSERT INTO main.edits (id, at, until, tool, first_row)
        SELECT id, at, at, ''SQL'', 2 * id FROM temp.history WHERE action <> ''import''' AS statement
    UNION ALL SELECT 2, 'INSERT INTO main.edited_rows (id, part, action, c1, c2, c3)
        SELECT 2 * id, part, action, key, old ->> ''freq'', old ->> ''tag'' FROM temp.history
        WHERE part = ''words'' AND action <> ''import'''
    UNION ALL SELECT 3, 'INSERT INTO main.edited_rows (id, part, action, c1, c2, c3, c4, c5, c6, c7)
        SELECT 2 * id, part, action, key, old ->> ''id'', old ->> ''weight'', old ->> ''tag'', old ->> ''enabled'',
            old ->> ''note'', old ->> ''added'' FROM temp.history WHERE part = ''images'' AND action <> ''import'''
    UNION ALL SELECT 4, 'INSERT INTO main.edited_rows (id, part, action, c1)
        SELECT 2 * id + 1, part, ''insert'', iif(part = ''words'', new ->> ''word'', new ->> ''url'') FROM temp.history
        WHERE action = ''update'' AND key <> iif(part = ''words'', new ->> ''word'', new ->> ''url'')'
) WHERE EXISTS (SELECT 1 FROM temp.sqlite_schema WHERE name = 'history') ORDER BY n;

-- Rows that each store has. The images of a new store are examples, which the admin of this one may have deleted.
SELECT printf('INSERT OR IGNORE INTO main."%w" (%s) SELECT %s FROM model."%w"', table_name, columns, columns, table_name)
FROM (
    SELECT m.name AS table_name,
        (SELECT group_concat(printf('"%w"', name)) FROM pragma_table_info(m.name, 'model')) AS columns
    FROM model.sqlite_schema m WHERE m.type = 'table' AND m.name <> 'images');

-- Triggers last: those on views need their view, and some refuse rows that were copied above.
SELECT sql FROM model.sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY type = 'trigger';

SELECT sql FROM temp.added ORDER BY type = 'trigger';
