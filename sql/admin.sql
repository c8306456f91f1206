-- Worked examples for an admin: sqlite3 var/serverful.db, and then statements like these. What is committed
-- shows in the answers within a second.

-- Images: add, correct, take away, look.
INSERT INTO images (url) VALUES ('https://example.org/cat.jpg'), ('https://example.org/dog.jpg');
UPDATE images SET url = 'https://example.org/kitten.jpg' WHERE url = 'https://example.org/cat.jpg';
DELETE FROM images WHERE url LIKE 'https://example.org/%';
SELECT id, url, added FROM images ORDER BY id;

-- Words: add one that was cut apart (freq has a default), make one likelier, take one away, look.
INSERT INTO words (word) VALUES ('无服务器架构');
INSERT INTO words (word, freq, tag) VALUES ('云计算', 5000, 'n')
    ON CONFLICT (word) DO UPDATE SET freq = excluded.freq, tag = excluded.tag;
UPDATE words SET freq = freq * 10 WHERE word = '无服务器架构';
DELETE FROM words WHERE word IN ('无服务器架构', '云计算');
SELECT word, freq, tag FROM words WHERE word GLOB '清华*' ORDER BY freq DESC LIMIT 10;

-- How often each part was changed.
SELECT part, n FROM revision WHERE part <> 'store';
