-- Worked examples for an admin. Open the store with `sqlite3 var/serverful.db` (SQLite 3.37 or newer; an older one says
-- `malformed database schema`), and enter statements like these.
-- Committed edits show in the answers within a second. --> marks what the shell prints, in a store with jieba's words.

-- IMAGES. Columns that are not named get their defaults: weight 1, no tag, enabled, no note.
INSERT INTO images (url) VALUES ('https://example.org/cat.jpg'), ('https://example.org/dog.jpg');

-- Add an image that is chosen five times as often, by /random-image and by /random-image?tag=cat.
INSERT INTO images (url, weight, tag, note) VALUES ('https://example.org/kitten.jpg', 5, 'cat', 'by Ann; until May');

-- Correct an image. Disable one for a while.
UPDATE images SET tag = 'cat', weight = 2 WHERE url = 'https://example.org/cat.jpg';
UPDATE images SET enabled = 0 WHERE url = 'https://example.org/dog.jpg';

-- Show the percentage of answers that have each image, without and with its tag, and what is unusual about it.
SELECT url, percent, percent_of_tag, finding FROM image_check WHERE url LIKE 'https://example.org/%';
--> https://example.org/cat.jpg|16.6667|28.5714|
--> https://example.org/dog.jpg|0.0||disabled: set enabled = 1 to use it
--> https://example.org/kitten.jpg|41.6667|71.4286|

-- Show all images with something unusual.
SELECT url, finding FROM image_check WHERE finding IS NOT NULL;
--> https://example.org/dog.jpg|disabled: set enabled = 1 to use it

-- Export a list, and import it again, perhaps from a spreadsheet. The columns are url, weight and tag. Trailing columns
-- may be missing (the shell then reports that it fills them with NULL), and fields may be empty. A header is skipped. A
-- URL that exists already gets the weight and the tag of the file. The shell reports each bad line with its number and
-- skips it; it imports all others.
.mode csv
.headers on
.once images.csv
SELECT url, weight, tag FROM images WHERE url LIKE 'https://example.org/%' ORDER BY id;
.headers off
.mode list
DELETE FROM images WHERE url LIKE 'https://example.org/%';
.import --csv images.csv image_import
SELECT url, weight, tag FROM images WHERE url LIKE 'https://example.org/%' ORDER BY id;
--> https://example.org/cat.jpg|2|cat
--> https://example.org/dog.jpg|1|
--> https://example.org/kitten.jpg|5|cat

-- Delete images.
DELETE FROM images WHERE url LIKE 'https://example.org/%';

-- WORDS. Add a word that was split. Without a freq, each compilation computes one that keeps the word whole.
INSERT INTO words (word) VALUES ('无服务器架构');

-- Add a word with a freq, or set the freq of an existing word. Make it likelier. Go back to the computed freq.
INSERT INTO words (word, freq, tag) VALUES ('云计算', 5000, 'n')
    ON CONFLICT (word) DO UPDATE SET freq = excluded.freq, tag = excluded.tag;
UPDATE words SET freq = freq * 10 WHERE word = '云计算';
UPDATE words SET freq = NULL WHERE word = '云计算';

-- Look words up.
SELECT word, freq, tag FROM words WHERE word GLOB '清华*' ORDER BY freq DESC LIMIT 3;
--> 清华|1057|nz
--> 清华大学|922|nt
--> 清华同方|33|n

-- Check words for anything unusual. (Checking all of jieba's words takes a second or two.)
INSERT INTO words (word, freq) VALUES ('app', 50), ('我们的', 3);
SELECT word, finding, remedy FROM word_check WHERE word IN ('云计算', 'app', '我们的');
--> app|runs of letters and digits are kept whole anyway; this word also splits longer runs|delete it, unless runs like appx should be split after app
--> 云计算|has no freq: each compilation computes one that keeps the word whole|nothing; set freq to keep it fixed
--> 我们的|is split: 我们 and 的 are likelier|UPDATE words SET freq = NULL WHERE word = '我们的'

-- Check all words that were edited in the last 24 hours.
SELECT count(*) FROM word_check
    WHERE word IN (SELECT key FROM edit_history WHERE part = 'words' AND at >= datetime('now', '-1 day'));
--> 4

-- Forbid a word, whether it has a row or the model finds it: it is split. Allow it again: delete the row, or set freq.
INSERT INTO words (word, freq) VALUES ('杭研', 0) ON CONFLICT (word) DO UPDATE SET freq = 0;
SELECT word, finding FROM word_check WHERE word = '杭研';
--> 杭研|is forbidden: it is never one word, and is split where the model finds it
DELETE FROM words WHERE word = '杭研';

-- Allow words with spaces and symbols, which jieba does not have. They are found before any others, and so are 'Wi-Fi' and 'C++'.
UPDATE settings SET value = 1 WHERE name = 'words_with_symbols';
INSERT INTO words (word) VALUES ('New York'), ('4×4');
DELETE FROM words WHERE word IN ('New York', '4×4');
UPDATE settings SET value = 0 WHERE name = 'words_with_symbols';

-- Import many words from a CSV file, by the same rules as images. The columns are word, freq and tag. For a user
-- dictionary of jieba, run `serverful import --userdict FILE`.
.import --csv "|printf '%s\\n' word,freq,tag 边缘计算,,n 函数即服务,30," word_import
SELECT word, freq, tag FROM words WHERE word IN ('边缘计算', '函数即服务') ORDER BY word;
--> 函数即服务|30|
--> 边缘计算||n

-- Delete words.
DELETE FROM words WHERE word IN ('无服务器架构', 'app', '我们的', '边缘计算', '函数即服务');
DELETE FROM words WHERE word = '云计算';

-- KEYWORDS. Raise the weight of a word. Exclude a word, written in lower case. Undo both.
INSERT INTO idf (word, idf) VALUES ('无服务器', 13.9) ON CONFLICT (word) DO UPDATE SET idf = excluded.idf;
UPDATE idf SET idf = idf / 2 WHERE word = '无服务器';
INSERT INTO stop_words (word) VALUES ('copyright') ON CONFLICT (word) DO NOTHING;
DELETE FROM idf WHERE word = '无服务器';
DELETE FROM stop_words WHERE word = 'copyright';

-- HISTORY. Show the last edits of a word, with the row as it was before each. Column `at` has the time, in UTC. An INSERT that
-- meets a row is recorded as 'replace'.
SELECT part, action, key, old FROM edit_history WHERE key = '云计算' ORDER BY id DESC LIMIT 4;
--> words|delete|云计算|{"word":"云计算","freq":null,"tag":"n"}
--> words|update|云计算|{"word":"云计算","freq":50000,"tag":"n"}
--> words|update|云计算|{"word":"云计算","freq":5000,"tag":"n"}
--> words|insert|云计算|

-- UNDO. What is changed without a pause of a second, within ten minutes, is one edit. Give the next one a name, and undo it:
-- all its rows become what they were. An undo is an edit, too, and can be undone.
INSERT INTO edits (tool) VALUES ('a slip');
DELETE FROM images;
UPDATE words SET tag = 'x' WHERE word = '清华大学';
SELECT tool FROM edits ORDER BY id DESC LIMIT 1;
--> a slip
INSERT INTO undo (edit) SELECT max(id) FROM edits;
SELECT word, tag FROM words WHERE word = '清华大学';
--> 清华大学|nt

-- Undo everything since a time, in UTC. This undoes the undo, which began the last edit, and then that.
INSERT INTO undo (since) SELECT max(at) FROM edits;
INSERT INTO undo (edit) SELECT max(id) FROM edits;

-- GUARD. The service does not serve an edit that takes away more than a tenth of the words or images at once. Show what is
-- refused, and the statements that confirm it and undo it. Set another limit.
SELECT part, finding, confirm, undo FROM guard_check;
UPDATE guard SET percent = 20 WHERE part = 'images';
UPDATE guard SET percent = 10 WHERE part = 'images';

-- Show whether each part was ever changed since the store was created.
SELECT part, n > 0 FROM revision WHERE part IN ('images', 'words') ORDER BY part;
--> images|1
--> words|1
