-- A query on a new store. For each table that is compiled into the part ?1, it returns the name, a query on a store, and
-- whether the key is a word. The query returns for each row the key, the key as text, and the rule of schema.sql that the
-- row breaks, or NULL. The rules are those of schema.sql itself, since the schema of a store can have been edited: its CHECK
-- constraints, each at the end of its definition; the types of its STRICT tables; and UTF-8, for which it has triggers.
WITH RECURSIVE
    compiled(name, sql) AS (
        SELECT name, sql FROM sqlite_schema t WHERE type = 'table' AND EXISTS (
            SELECT 1 FROM sqlite_schema r
            WHERE r.type = 'trigger' AND r.tbl_name = t.name AND instr(r.sql, format('WHERE part = %Q', ?1)))),
    element(name, sql, n, definition) AS (
        SELECT name, sql, 0, column_definition(sql, 0) FROM compiled
        UNION ALL
        SELECT name, sql, n + 1, column_definition(sql, n + 1) FROM element WHERE definition <> ''),
    rule(name, n, broken, message) AS (
        SELECT t.name, c.cid - 100,
            format('typeof("%w") NOT IN (%Q%s)', c.name, lower(c.type), iif(c."notnull" OR c.pk, '', ', ''null''')),
            format('%s: must be %s%s / 必须是 %s%s', c.name,
                c.type, iif(c."notnull" OR c.pk, '', ' or NULL'), c.type, iif(c."notnull" OR c.pk, '', ' 或 NULL'))
        FROM compiled t, pragma_table_info(t.name) c
        UNION ALL
        SELECT DISTINCT tbl_name, 0, 'NOT is_utf8(word)', 'word: must be valid UTF-8 / 必须是有效的 UTF-8'
        FROM sqlite_schema WHERE type = 'trigger' AND instr(sql, 'word: must be valid UTF-8')
        UNION ALL
        SELECT name, n + 1, 'NOT ' || expression,
            iif(definition LIKE 'CONSTRAINT "%', substr(definition, 13, instr(substr(definition, 13), '"') - 1), expression)
        FROM (
            SELECT name, n, definition, substr(definition, instr(definition, 'CHECK (') + 6) AS expression
            FROM element WHERE instr(definition, 'CHECK (')))
SELECT name,
    format('SELECT %s, %s AS "key", CASE %s END AS rule FROM main."%w"',
        (SELECT group_concat(format('"%w"', c.name), ', ') FROM pragma_table_info(t.name) c WHERE c.pk),
        (SELECT group_concat(format('''%s = '' || iif(typeof("%w") <> ''text'', quote("%w"), iif(instr("%w", char(0)),'
            || ' ''CAST(x || hex(substr("%w", 1, 64)) ||  AS TEXT)'', json_quote(substr("%w", 1, 64))))',
            c.name, c.name, c.name, c.name, c.name, c.name), ' || '', '' || ')
         FROM pragma_table_info(t.name) c WHERE c.pk),
        (SELECT group_concat(format('WHEN %s THEN %Q', broken, message), ' ')
         FROM (SELECT broken, message FROM rule r WHERE r.name = t.name ORDER BY n)),
        name),
    EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.pk AND c.name = 'word')
FROM compiled t ORDER BY name;
