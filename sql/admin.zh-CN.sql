-- 管理员操作示例。用 `sqlite3 var/serverful.db` 打开数据库（需要 SQLite 3.37 或更高版本，更旧的会报告
-- `malformed database schema`），然后输入下面这样的语句。
-- 提交后一秒之内在响应中生效。--> 之后是命令行打印的内容，这里的数据库含有 jieba 的词条。

-- 图片。没有写出的列取默认值：权重 1，没有标签，启用，没有备注。
INSERT INTO images (url) VALUES ('https://example.org/cat.jpg'), ('https://example.org/dog.jpg');

-- 添加一张图片，它在 /random-image 和 /random-image?tag=cat 中被选中的机会是默认权重的五倍。
INSERT INTO images (url, weight, tag, note) VALUES ('https://example.org/kitten.jpg', 5, 'cat', 'by Ann; until May');

-- 修改一张图片；暂时停用一张图片。
UPDATE images SET tag = 'cat', weight = 2 WHERE url = 'https://example.org/cat.jpg';
UPDATE images SET enabled = 0 WHERE url = 'https://example.org/dog.jpg';

-- 查看每张图片在响应中所占的百分比（不带标签和带标签时），以及异常之处。
SELECT url, percent, percent_of_tag, finding FROM image_check WHERE url LIKE 'https://example.org/%';
--> https://example.org/cat.jpg|16.6667|28.5714|
--> https://example.org/dog.jpg|0.0||disabled: set enabled = 1 to use it
--> https://example.org/kitten.jpg|41.6667|71.4286|

-- 列出所有有异常的图片。
SELECT url, finding FROM image_check WHERE finding IS NOT NULL;
--> https://example.org/dog.jpg|disabled: set enabled = 1 to use it

-- 导出列表再导入，中间可以用电子表格软件编辑。列依次为 url、weight 和 tag。
-- 末尾的列可以省略（命令行会提示以 NULL 填充），字段可以为空，表头会被跳过。
-- URL 已存在时，采用文件中的权重和标签。
-- 不合格的行会连同行号一起报告并跳过，其余各行照常导入。
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

-- 删除图片。
DELETE FROM images WHERE url LIKE 'https://example.org/%';

-- 词条。添加一个被拆开的词。不填 freq 时，每次编译都会自动算出足以让该词整体成词的词频。
INSERT INTO words (word) VALUES ('无服务器架构');

-- 添加带词频的词，或设置已有词的词频；让它更容易成词；改回自动计算的词频。
INSERT INTO words (word, freq, tag) VALUES ('云计算', 5000, 'n')
    ON CONFLICT (word) DO UPDATE SET freq = excluded.freq, tag = excluded.tag;
UPDATE words SET freq = freq * 10 WHERE word = '云计算';
UPDATE words SET freq = NULL WHERE word = '云计算';

-- 查词。
SELECT word, freq, tag FROM words WHERE word GLOB '清华*' ORDER BY freq DESC LIMIT 3;
--> 清华|1057|nz
--> 清华大学|922|nt
--> 清华同方|33|n

-- 检查词条有无异常。（检查 jieba 的全部词条需要一两秒。）
INSERT INTO words (word, freq) VALUES ('app', 50), ('我们的', 3);
SELECT word, finding, remedy FROM word_check WHERE word IN ('云计算', 'app', '我们的');
--> app|runs of letters and digits are kept whole anyway; this word also splits longer runs|delete it, unless runs like appx should be split after app
--> 云计算|has no freq: each compilation computes one that keeps the word whole|nothing; set freq to keep it fixed
--> 我们的|is split: 我们 and 的 are likelier|UPDATE words SET freq = NULL WHERE word = '我们的'

-- 检查最近 24 小时内修改过的所有词。
SELECT count(*) FROM word_check
    WHERE word IN (SELECT key FROM edit_history WHERE part = 'words' AND at >= datetime('now', '-1 day'));
--> 4

-- 禁用一个词：无论它是词条，还是由模型识别出来的，都会被拆开。恢复：删除该行，或设置 freq。
INSERT INTO words (word, freq) VALUES ('杭研', 0) ON CONFLICT (word) DO UPDATE SET freq = 0;
SELECT word, finding FROM word_check WHERE word = '杭研';
--> 杭研|is forbidden: it is never one word, and is split where the model finds it
DELETE FROM words WHERE word = '杭研';

-- 允许词条含空格和符号（jieba 没有这样的词）。它们先于其他词匹配，'Wi-Fi' 和 'C++' 也一样。
UPDATE settings SET value = 1 WHERE name = 'words_with_symbols';
INSERT INTO words (word) VALUES ('New York'), ('4×4');
DELETE FROM words WHERE word IN ('New York', '4×4');
UPDATE settings SET value = 0 WHERE name = 'words_with_symbols';

-- 从 CSV 文件批量导入词条，规则与图片相同。列依次为 word、freq 和 tag。
-- jieba 的用户词典请用 `serverful import --userdict FILE` 导入。
.import --csv "|printf '%s\\n' word,freq,tag 边缘计算,,n 函数即服务,30," word_import
SELECT word, freq, tag FROM words WHERE word IN ('边缘计算', '函数即服务') ORDER BY word;
--> 函数即服务|30|
--> 边缘计算||n

-- 删除词条。
DELETE FROM words WHERE word IN ('无服务器架构', 'app', '我们的', '边缘计算', '函数即服务');
DELETE FROM words WHERE word = '云计算';

-- 关键词。提高一个词的权重；排除一个词（须写成小写）；然后把两者都改回来。
INSERT INTO idf (word, idf) VALUES ('无服务器', 13.9) ON CONFLICT (word) DO UPDATE SET idf = excluded.idf;
UPDATE idf SET idf = idf / 2 WHERE word = '无服务器';
INSERT INTO stop_words (word) VALUES ('copyright') ON CONFLICT (word) DO NOTHING;
DELETE FROM idf WHERE word = '无服务器';
DELETE FROM stop_words WHERE word = 'copyright';

-- 历史。查看一个词最近的修改，以及每次修改前该行的内容。时间在 `at` 列，为 UTC。
-- INSERT 遇到已有的行时，记作 'replace'。
SELECT part, action, key, old FROM edit_history WHERE key = '云计算' ORDER BY id DESC LIMIT 4;
--> words|delete|云计算|{"word":"云计算","freq":null,"tag":"n"}
--> words|update|云计算|{"word":"云计算","freq":50000,"tag":"n"}
--> words|update|云计算|{"word":"云计算","freq":5000,"tag":"n"}
--> words|insert|云计算|

-- 撤销。十分钟之内、间隔不到一秒的连续改动算作一次修改。给下一次修改起个名称，然后撤销它：
-- 涉及的所有行都恢复原样。撤销也是一次修改，同样可以撤销。
INSERT INTO edits (tool) VALUES ('a slip');
DELETE FROM images;
UPDATE words SET tag = 'x' WHERE word = '清华大学';
SELECT tool FROM edits ORDER BY id DESC LIMIT 1;
--> a slip
INSERT INTO undo (edit) SELECT max(id) FROM edits;
SELECT word, tag FROM words WHERE word = '清华大学';
--> 清华大学|nt

-- 撤销某个时间（UTC）以来的所有修改。这里先撤销上面那次撤销（最近一次修改由它开始），再撤销这次撤销。
INSERT INTO undo (since) SELECT max(at) FROM edits;
INSERT INTO undo (edit) SELECT max(id) FROM edits;

-- 误删保护。一次删去十分之一以上的词条或图片时，服务不采用这次修改。
-- 查看被拦截的内容，以及确认和撤销所用的语句；设置另一个上限。
SELECT part, finding, confirm, undo FROM guard_check;
UPDATE guard SET percent = 20 WHERE part = 'images';
UPDATE guard SET percent = 10 WHERE part = 'images';

-- 查看各部分自数据库创建以来是否修改过。
SELECT part, n > 0 FROM revision WHERE part IN ('images', 'words') ORDER BY part;
--> images|1
--> words|1
