/* The Chinese texts of the reference, by the English ones of /openapi.json. An English text that changes needs its Chinese again:
   t/page.t names those without. */

export const API_ZH = {
  "A calculator, random images, and Chinese word segmentation and keywords as in jieba. Every error is a JSON object: error is a short, stable text to compare, and detail says what was wrong and what is allowed, in Chinese where Accept-Language prefers it. HEAD works wherever GET does. An answer that follows from the request and the data has an ETag. OPTIONS answers with the CORS headers. The header Serverful-Revision identifies the words, models and images that an answer comes from. If a parameter is repeated, the last one counts.":
    "提供计算器、随机图片，以及与 jieba 结果一致的中文分词和关键词提取。所有错误都以 JSON 对象返回：error 是简短、固定的文本，可供程序比较；detail 说明错在哪里、允许什么，Accept-Language 偏好中文时为中文。支持 GET 的接口都支持 HEAD。由请求和数据完全决定的响应带有 ETag。OPTIONS 返回 CORS 响应头。响应头 Serverful-Revision 标识结果所用的词典、模型和图片的版本。参数重复时以最后一个为准。",
  "A switch in a JSON body; null is the same as leaving it out": "JSON 请求体中的开关，null 等同于不填",

  "Add, subtract, multiply or divide two numbers": "对两个数做加、减、乘、除运算",
  "Checks in this order, and answers 400 with the error in parentheses: the numbers (Invalid input), the operator (Invalid operator), a zero divisor (Cannot divide by zero), the size of the result (Result out of range).":
    "依次检查：数字（Invalid input）、运算符（Invalid operator）、除数是否为零（Cannot divide by zero）、结果是否超出范围（Result out of range）。不通过时返回 400 及括号中的错误。",
  "The first operand, in the syntax of Python's float(); nan and inf are rejected. Write a plus sign as %2B.":
    "第一个操作数，写法与 Python 的 float() 相同，不接受 nan 和 inf。加号需写作 %2B。",
  "The second operand, in the same syntax. It must not be 0 for divide.": "第二个操作数，写法同上。做除法时不能为 0。",
  "The result: the shortest decimal that reads back as the same double": "计算结果：能还原为同一双精度浮点数的最短小数",

  "List the tags of images, with the number of images that have each": "列出所有图片标签及各标签的图片数",
  "The tags in the order of their UTF-8 bytes. Images without a tag are not counted; an empty list means that no image has one.":
    "标签按 UTF-8 字节序排列。没有标签的图片不计入，空列表表示所有图片都没有标签。",

  "Extract the keywords of a text": "提取一段文本的关键词",
  "Extract the keywords of a text of up to @KEYWORDS_MAX_TEXT_MB@ MB": "提取关键词，文本最大 @KEYWORDS_MAX_TEXT_MB@ MB",
  "How to weigh the words: tfidf as jieba.analyse.extract_tags, textrank as jieba.analyse.textrank":
    "加权算法：tfidf 同 jieba.analyse.extract_tags，textrank 同 jieba.analyse.textrank",
  "The largest number of keywords to return; 0 returns all": "最多返回的关键词数，0 表示全部返回",
  "The part-of-speech tags of the words to consider, separated by commas, with or without blanks. The default is all words for tfidf, and ns,n,vn,v for textrank.":
    "只考虑这些词性的词，用逗号分隔，可以带空格。tfidf 默认不限词性，textrank 默认为 ns,n,vn,v。",
  "The text; an empty one has no keywords": "待处理的文本，空文本没有关键词",
  "The keywords in descending order of weight": "关键词，按权重从高到低排列",

  "Get the OpenAPI description of this service": "获取本服务的 OpenAPI 描述文件",
  "The OpenAPI description": "OpenAPI 描述文件",
  "Open the web page for trying each endpoint": "打开可在线调用各接口的网页",
  "The HTML page": "HTML 页面",

  "Get the URL of a random image, or of several": "随机获取一张或多张图片的 URL",
  "The tag that the image must have. Without it, any image may be returned.": "图片须带有的标签，不填则不限。",
  "Return a list of this many different images, or of all images if there are fewer": "返回多少张互不相同的图片，图片不足时返回全部",
  "Any text of at most @RANDOM_IMAGE_MAX_SEED@ bytes of UTF-8. The same seed returns the same images until the image list changes.":
    "任意文本，最多 @RANDOM_IMAGE_MAX_SEED@ 字节（UTF-8）。在图片列表不变的情况下，相同的种子返回相同的图片。",
  "1: answer 302 with the URL in Location, so that this address can be the src of an img element. Cannot be combined with count.":
    "1：返回 302，并在 Location 中给出图片 URL，因此可直接用作 img 元素的 src。不能与 count 同时使用。",
  "The URL; with count, a list of URLs": "图片 URL；指定 count 时为 URL 列表",
  "The redirection to the image, with redirect=1": "redirect=1 时重定向到图片",
  "There is no image, or no image with this tag": "没有图片，或没有带该标签的图片",

  "Segment a text into words": "对一段文本分词",
  "Segment a text, or many texts, of up to @PROXY_MAX_BODY_MB@ MB and @,SEGMENT_MAX_CHARACTERS@ characters into words":
    "对一段或多段文本分词，最大 @PROXY_MAX_BODY_MB@ MB、@,SEGMENT_MAX_CHARACTERS@ 个字符",
  "A member of a JSON body or of a form overrides the query parameter of the same name. A POST without a body has all in the query.":
    "JSON 请求体或表单中的字段优先于同名查询参数。POST 没有请求体时，全部取自查询参数。",
  "accurate: the most probable segmentation; full: every dictionary word found in the text; search: accurate, plus the shorter words within long words":
    "accurate（精确模式）：概率最大的切分；full（全模式）：文本中出现的所有词典词；search（搜索引擎模式）：在精确模式的基础上，再切出长词中的短词",
  "1: let a hidden Markov model find words that are not in the dictionary": "1：用隐马尔可夫模型识别词典中没有的词",
  "1: also return the part-of-speech tag of each word, as jieba.posseg does. Needs mode=accurate.":
    "1：同时返回每个词的词性，与 jieba.posseg 一致。仅支持 mode=accurate。",
  "1: also return where each word begins and ends, in code points. Needs mode=accurate or mode=search.":
    "1：同时返回每个词的起止位置，以 Unicode 码点计。仅支持 mode=accurate 和 mode=search。",
  "1: also return why the text was segmented this way, and which edits of the dictionary would change it. Needs mode=accurate and pos=0, and a text of at most @,EXPLAIN_MAX@ characters.":
    "1：同时返回分词依据，以及哪些词典修改会改变结果。仅支持 mode=accurate 且 pos=0，文本最多 @,EXPLAIN_MAX@ 个字符。",
  "The text; an empty one has no words": "待分词的文本，空文本没有词",
  "The words": "分词结果",
  "Many texts, in place of text": "多段文本，用于代替 text",
  "The words of the text; with texts, those of each text": "文本的分词结果；使用 texts 时为每段文本的结果",

  "The client has this answer, by its If-None-Match": "根据 If-None-Match，客户端已有该响应",
  "The request is invalid; error says why, and detail what is allowed": "请求无效，error 说明原因，detail 说明允许什么",
  "The request body or the response is too large": "请求体或响应过大",
  "The query is too long: send the text by POST": "查询字符串过长，请改用 POST",
  "The body is neither application/json nor text/plain nor application/x-www-form-urlencoded, in UTF-8":
    "请求体不是 UTF-8 编码的 application/json、text/plain 或 application/x-www-form-urlencoded",
  "Too many requests: retry after the seconds in Retry-After": "请求过于频繁，请在 Retry-After 指定的秒数后重试",
  "The service failed or is not available": "服务出错或不可用",
};
