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

-- Keywords: make a word weigh more, keep one out (in lower case), take both back.
INSERT INTO idf (word, idf) VALUES ('无服务器', 13.9) ON CONFLICT (word) DO UPDATE SET idf = excluded.idf;
UPDATE idf SET idf = idf / 2 WHERE word = '无服务器';
INSERT INTO stop_words (word) VALUES ('copyright') ON CONFLICT (word) DO NOTHING;
DELETE FROM idf WHERE word = '无服务器';
DELETE FROM stop_words WHERE word = 'copyright';

-- How often each part was changed.
SELECT part, n FROM revision WHERE part <> 'store';
