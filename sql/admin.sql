-- Worked examples for an admin: sqlite3 var/serverful.db, and then statements like these. What is committed shows in
-- the answers within a second. What stands behind --> is what the shell prints, in a store that has jieba's words.

-- IMAGES. What is not named has a default: weight 1, no tag, enabled, no note.
INSERT INTO images (url) VALUES ('https://example.org/cat.jpg'), ('https://example.org/dog.jpg');

-- One that is chosen five times as often, for /random-image and for /random-image?tag=cat.
INSERT INTO images (url, weight, tag, note) VALUES ('https://example.org/kitten.jpg', 5, 'cat', 'by Ann; until May');

-- Correct; leave one out for a while.
UPDATE images SET tag = 'cat', weight = 2 WHERE url = 'https://example.org/cat.jpg';
UPDATE images SET enabled = 0 WHERE url = 'https://example.org/dog.jpg';

-- How many percent of the answers each is, among all and among those of its tag, and what is odd about it.
SELECT url, percent, percent_of_tag, finding FROM image_check WHERE url LIKE 'https://example.org/%';
--> https://example.org/cat.jpg|16.6667|28.5714|
--> https://example.org/dog.jpg|0.0||left out: set enabled = 1 to have it answered
--> https://example.org/kitten.jpg|41.6667|71.4286|

-- All at which something is odd.
SELECT url, finding FROM image_check WHERE finding IS NOT NULL;
--> https://example.org/dog.jpg|left out: set enabled = 1 to have it answered

-- A list out, and in again, perhaps from a spreadsheet: the columns are url, weight, tag, of which the last ones may be
-- missing (the shell then says that it fills in NULL), as may a field. A header is skipped. A URL that is there already
-- takes the weight and the tag of the file. A bad line is told with its number and left out, and all others come in.
.mode csv
.headers on
.once images.csv
SELECT * FROM image_import WHERE url LIKE 'https://example.org/%';
.headers off
.mode list
DELETE FROM images WHERE url LIKE 'https://example.org/%';
.import --csv images.csv image_import
SELECT url, weight, tag FROM images WHERE url LIKE 'https://example.org/%' ORDER BY id;
--> https://example.org/cat.jpg|2|cat
--> https://example.org/dog.jpg|1|
--> https://example.org/kitten.jpg|5|cat

-- Take away.
DELETE FROM images WHERE url LIKE 'https://example.org/%';

-- WORDS. One that was cut apart: without a freq it is given, with each compilation, one with which it is taken whole.
INSERT INTO words (word) VALUES ('无服务器架构');

-- With a freq, whether it is there or not; likelier; as if it had never been given one.
INSERT INTO words (word, freq, tag) VALUES ('云计算', 5000, 'n')
    ON CONFLICT (word) DO UPDATE SET freq = excluded.freq, tag = excluded.tag;
UPDATE words SET freq = freq * 10 WHERE word = '云计算';
UPDATE words SET freq = NULL WHERE word = '云计算';

-- Look.
SELECT word, freq, tag FROM words WHERE word GLOB '清华*' ORDER BY freq DESC LIMIT 3;
--> 清华|1057|nz
--> 清华大学|922|nt
--> 清华同方|33|n

-- Is anything odd about them? (All of jieba's words take a second or two.)
INSERT INTO words (word, freq) VALUES ('app', 50), ('我们的', 3);
SELECT word, finding, remedy FROM word_check WHERE word IN ('云计算', 'app', '我们的');
--> app|letters and digits alone stay together anyway; the word also cuts longer runs apart|delete it, unless runs like appx are to be cut after app
--> 云计算|freq is left out: it is worked out with each compilation, so that the word is taken whole|nothing, or set freq to have it fixed
--> 我们的|is not taken whole: 我们 and 的 are likelier|UPDATE words SET freq = NULL WHERE word = '我们的'

-- The same of all words that were edited within a day.
SELECT count(*) FROM word_check
    WHERE word IN (SELECT key FROM edit_history WHERE part = 'words' AND at >= datetime('now', '-1 day'));
--> 4

-- Words with spaces and symbols have a switch, since jieba knows none. With it they are found before any others.
UPDATE settings SET value = 1 WHERE name = 'words_with_symbols';
INSERT INTO words (word) VALUES ('New York'), ('4×4');
DELETE FROM words WHERE word IN ('New York', '4×4');
UPDATE settings SET value = 0 WHERE name = 'words_with_symbols';

-- Many from a CSV file: the columns are word, freq, tag; all that is said of images holds. A user dictionary of jieba
-- is read by `serverful import --userdict FILE`.
.import --csv "|printf '%s\\n' word,freq,tag 边缘计算,,n 函数即服务,30," word_import
SELECT word, freq, tag FROM words WHERE word IN ('边缘计算', '函数即服务') ORDER BY word;
--> 函数即服务|30|
--> 边缘计算||n

-- Take away.
DELETE FROM words WHERE word IN ('无服务器架构', 'app', '我们的', '边缘计算', '函数即服务');
DELETE FROM words WHERE word = '云计算';

-- KEYWORDS. Make a word weigh more, keep one out (in lower case), take both back.
INSERT INTO idf (word, idf) VALUES ('无服务器', 13.9) ON CONFLICT (word) DO UPDATE SET idf = excluded.idf;
UPDATE idf SET idf = idf / 2 WHERE word = '无服务器';
INSERT INTO stop_words (word) VALUES ('copyright') ON CONFLICT (word) DO NOTHING;
DELETE FROM idf WHERE word = '无服务器';
DELETE FROM stop_words WHERE word = 'copyright';

-- HISTORY. What was edited last; `at` has the time, in UTC.
SELECT part, action, key, old, new FROM edit_history WHERE key = '云计算' ORDER BY id DESC LIMIT 4;
--> words|delete|云计算|{"word":"云计算","freq":null,"tag":"n"}|
--> words|update|云计算|{"word":"云计算","freq":50000,"tag":"n"}|{"word":"云计算","freq":null,"tag":"n"}
--> words|update|云计算|{"word":"云计算","freq":5000,"tag":"n"}|{"word":"云计算","freq":50000,"tag":"n"}
--> words|insert|云计算||{"word":"云计算","freq":5000,"tag":"n"}

-- Undo: a word as it was before it was edited last.
INSERT INTO words (word, freq, tag)
    SELECT old ->> 'word', old ->> 'freq', old ->> 'tag' FROM edit_history
    WHERE part = 'words' AND key = '云计算' ORDER BY id DESC LIMIT 1;
SELECT word, freq, tag FROM words WHERE word = '云计算';
--> 云计算||n
DELETE FROM words WHERE word = '云计算';

-- The latest 10,000 rows are kept. A bulk edit that would push all others out goes without; so does serverful import.
BEGIN;
UPDATE edit_history_limit SET keep = 0;
UPDATE words SET tag = 'nt' WHERE word GLOB '清华*' AND tag = 'nt';
UPDATE edit_history_limit SET keep = 10000;
COMMIT;

-- How often each part was changed since the store was made.
SELECT part, n > 0 FROM revision WHERE part IN ('images', 'words') ORDER BY part;
--> images|1
--> words|1
