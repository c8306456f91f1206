/*
 * refusals: the table of all errors that a request can be answered with. A row has its texts in both
 * languages side by side, so that none is forgotten.
 *
 * The columns of a row are:
 *   the name, which refusal.h makes REFUSE_NAME of
 *   the status
 *   the member "error": short, stable, English; clients compare it
 *   the member "detail" in English: what was wrong, and what is allowed
 *   the same in Chinese
 *
 * A text may contain these placeholders; refusal.h describes their values:
 *   {parameter}, {value}, {allowed}, {n}, {line}, {column}
 *
 * The includer defines REFUSAL as what it makes of a row.
 */

/* Any request. */
REFUSAL(NOT_FOUND, 404, "Not found",
        "no endpoint has the path '{value}'; the endpoints are {allowed}",
        "路径“{value}”不存在；可用的接口有 {allowed}")
REFUSAL(METHOD, 405, "Method not allowed",
        "this path does not take the method '{value}'; it takes {allowed}",
        "此路径不支持 {value} 方法；支持的方法有 {allowed}")
REFUSAL(BAD_ESCAPE, 400, "Invalid percent-encoding",
        "two hexadecimal digits must follow each %; write % itself as %25",
        "每个 % 后面必须有两位十六进制数字；% 本身请写成 %25")
REFUSAL(
    TOO_MANY_PARAMETERS, 400, "Too many parameters: at most " LIMIT_TEXT(URL_MAX_PARAMS),
    "the request has more than " LIMIT_TEXT(URL_MAX_PARAMS) " parameters; write & itself as %26",
    "请求的参数超过 " LIMIT_TEXT(URL_MAX_PARAMS) " 个；& 本身请写成 %26")
REFUSAL(LONG_QUERY, 414, "URI too long",
        "the query string is too long; send the text as the body of a POST",
        "查询字符串过长；请改用 POST，把文本放在请求体中")
REFUSAL(LARGE_BODY, 413, "Request body too large",
        "the body may have at most " LIMIT_TEXT(
            PROXY_MAX_BODY_MB) " MB; split it into several requests",
        "请求体不得超过 " LIMIT_TEXT(PROXY_MAX_BODY_MB) " MB；请拆成多次请求")
REFUSAL(CONTENT_LENGTH, 400, "Invalid Content-Length",
        "Content-Length must be the number of bytes of the body, in decimal digits",
        "Content-Length 必须是请求体的字节数，用十进制数字表示")
REFUSAL(SHORT_BODY, 400, "Incomplete request body",
        "the body has fewer bytes than Content-Length says",
        "请求体的字节数少于 Content-Length 声明的长度")
REFUSAL(BASE64, 400, "Invalid base64 body",
        "isBase64Encoded is true, but the body is not valid base64",
        "isBase64Encoded 为 true，但请求体不是有效的 base64")
REFUSAL(
    LARGE_ANSWER, 413, "Response too large",
    "the answer is larger than Lambda can send; accept gzip, send a shorter text, or ask for less",
    "响应超过 Lambda 允许的大小；请接受 gzip 压缩、缩短文本，或减少要返回的内容")
REFUSAL(NO_SNAPSHOT, 503, "The service has no snapshot yet",
        "the service is still compiling its dictionary; try again in a second",
        "服务尚在编译词典，请一秒后重试")
REFUSAL(NOT_HEALTHY, 503, "No snapshot is mapped",
        "the worker has no dictionary to answer from; the log of the pool says why",
        "工作进程没有可用的词典；原因见进程池的日志")
REFUSAL(FAILURE, 500, "Internal server error",
        "the service failed, not the request; its log says why",
        "服务内部出错，与请求无关；原因见服务日志")

/* Options of several endpoints. */
REFUSAL(CHOICE, 400, "Invalid {parameter}", "{parameter} is '{value}'; it must be one of {allowed}",
        "{parameter} 的值为“{value}”；可选值有 {allowed}")
REFUSAL(INTEGER, 400, "Invalid {parameter}",
        "{parameter} is '{value}'; it must be an integer in the range {allowed}",
        "{parameter} 的值为“{value}”；必须是 {allowed} 之间的整数")

REFUSAL(OPTION_MISSPELT, 400, "Unknown parameter",
        "there is no parameter '{value}': did you mean {parameter}?",
        "没有名为“{value}”的参数，是否想写 {parameter}？")

/* /calculator. */
REFUSAL(
    INPUT_MISSING, 400, "Invalid input",
    "{parameter} is missing; give num1, num2 and operator, as in num1=7&num2=2&operator=divide",
    "缺少参数 {parameter}；须同时给出 num1、num2 和 operator，例如 num1=7&num2=2&operator=divide")
REFUSAL(INPUT_MISSPELT, 400, "Invalid input",
        "{parameter} is missing, and '{value}' is not a parameter: did you mean {parameter}?",
        "缺少参数 {parameter}；没有名为“{value}”的参数，是否想写 {parameter}？")
REFUSAL(NUMBER, 400, "Invalid input",
        "{parameter} is '{value}'; it must be a number such as 7, -0.5 or 1e6, up to 1.8e308",
        "{parameter} 的值为“{value}”；必须是数字，例如 7、-0.5 或 1e6，绝对值不超过 1.8e308")
REFUSAL(OPERATOR, 400, "Invalid operator", "operator is '{value}'; it must be one of {allowed}",
        "operator 的值为“{value}”；可选值有 {allowed}")
REFUSAL(ZERO_DIVISOR, 400, "Cannot divide by zero",
        "num2 is 0; with operator=divide it must be another number",
        "num2 为 0；operator=divide 时除数不能为 0")
REFUSAL(RESULT_RANGE, 400, "Result out of range",
        "the result is beyond the largest double, 1.8e308; give smaller numbers",
        "结果超出双精度浮点数的范围（1.8e308）；请使用较小的数字")

/* /random-image. */
REFUSAL(SEED, 400, "Invalid seed",
        "seed has {n} bytes; it may have at most " LIMIT_TEXT(RANDOM_IMAGE_MAX_SEED),
        "seed 有 {n} 字节；最多 " LIMIT_TEXT(RANDOM_IMAGE_MAX_SEED) " 字节")
REFUSAL(REDIRECT_COUNT, 400, "redirect does not go with count",
        "redirect=1 leads to one image, and count asks for a list; leave one of them out",
        "redirect=1 会跳转到一张图片，count 则返回列表；两者只能选一")
REFUSAL(NO_IMAGES, 404, "No images", "the store has no image that is enabled",
        "图片库中没有已启用的图片")
REFUSAL(UNKNOWN_TAG, 404, "No images",
        "no image has the tag '{value}'; /random-image/tags lists the tags: {allowed}",
        "没有标签为“{value}”的图片；标签列表见 /random-image/tags：{allowed}")
REFUSAL(NO_TAGS, 404, "No images",
        "no image has the tag '{value}': the images have no tags; leave tag out",
        "没有标签为“{value}”的图片：图片都没有标签，请去掉 tag")

/* The text of /segment and /keywords. */
REFUSAL(TEXT_MISSING, 400, "Missing text",
        "text is missing; give it as the parameter text, or as the body of a POST",
        "缺少文本；请用参数 text 传入，或放在 POST 的请求体中")
REFUSAL(TEXT_MISSPELT, 400, "Missing text",
        "text is missing, and '{value}' is not taken here: did you mean text?",
        "缺少文本；这里不接受“{value}”，是否想写 text？")
REFUSAL(
    FORM_IS_JSON, 400, "Missing text",
    "text is missing: the body is JSON, but Content-Type says that it is a form; "
    "send Content-Type: application/json",
    "缺少文本：请求体是 JSON，但 Content-Type 声明为表单；请发送 Content-Type: application/json")
REFUSAL(
    FORM_WITHOUT_TEXT, 400, "Missing text",
    "text is missing: Content-Type says that the body is a form, which has no text; send text=…, "
    "or Content-Type: text/plain where the body is the text",
    "缺少文本：Content-Type 声明请求体为表单，但表单中没有 text；请发送 "
    "text=…，若请求体本身就是文本，请改用 "
    "Content-Type: text/plain")
REFUSAL(TEXT_TYPE, 400, "Invalid text", "text is '{value}'; it must be a string",
        "text 的值为“{value}”；必须是字符串")
REFUSAL(TEXT_UTF8, 400, "Invalid UTF-8",
        "byte {n} of text, counted from 0, is not UTF-8; send UTF-8, in a query or a form as %XX",
        "text 的第 {n} 个字节（从 0 开始）不是有效的 UTF-8；请用 UTF-8 "
        "编码，在查询字符串或表单中写成 %XX")
REFUSAL(BODY_UTF8, 400, "Invalid UTF-8",
        "byte {n} of the body, counted from 0, is not UTF-8; send JSON in UTF-8",
        "请求体的第 {n} 个字节（从 0 开始）不是有效的 UTF-8；JSON 请用 UTF-8 编码")
REFUSAL(COMPRESSED, 400, "Invalid UTF-8",
        "the body is compressed; send it as it is, without Content-Encoding",
        "请求体经过压缩；请直接发送原文，不要使用 Content-Encoding")
REFUSAL(JSON_SYNTAX, 400, "Invalid JSON: {value}",
        "the body is not JSON: {value}; send one object, such as {\"text\": \"我来到北京\"}",
        "请求体不是有效的 JSON：第 {line} 行第 {column} 列附近有语法错误；应为一个对象，例如 "
        "{\"text\": \"我来到北京\"}")
REFUSAL(JSON_INCOMPLETE, 400, "Invalid JSON: {value}",
        "the body ends before its JSON does: {value}; close all strings and brackets, and check "
        "Content-Length",
        "请求体中的 JSON 不完整，在第 {line} 行第 {column} 列中断；请补全引号和括号，并检查 "
        "Content-Length")
REFUSAL(
    JSON_TOO_DEEP, 400, "Invalid JSON: {value}",
    "the arrays and objects of the body are nested too deep: {value}; send one object, such as "
    "{\"text\": \"我来到北京\"}",
    "请求体在第 {line} 行第 {column} 列处嵌套过深；应为一个对象，例如 {\"text\": \"我来到北京\"}")
REFUSAL(JSON_LARGE_NUMBER, 400, "Invalid JSON: {value}",
        "a number of the body is beyond 1.8e308: {value}; give a smaller one",
        "请求体第 {line} 行第 {column} 列处的数字超出范围（1.8e308）；请使用较小的数字")
REFUSAL(JSON_EMPTY, 400, "Invalid JSON: the body is empty",
        "the body is empty; send one object, such as {\"text\": \"我来到北京\"}",
        "请求体为空；应为一个对象，例如 {\"text\": \"我来到北京\"}")
REFUSAL(JSON_NOT_OBJECT, 400, "Invalid JSON: not an object",
        "the body is {value}; it must be an object, such as {\"text\": \"我来到北京\"}",
        "请求体为 {value}；应为一个对象，例如 {\"text\": \"我来到北京\"}")
REFUSAL(JSON_VALUES, 413, "Too many JSON values: at most " LIMIT_TEXT(TEXT_REQUEST_MAX_VALUES),
        "the body has more than " LIMIT_TEXT(
            TEXT_REQUEST_MAX_VALUES) " JSON values; split it into several requests",
        "请求体中的 JSON 值超过 " LIMIT_TEXT(TEXT_REQUEST_MAX_VALUES) " 个；请拆成多次请求")
REFUSAL(MEDIA_TYPE, 415, "Unsupported media type",
        "Content-Type is '{value}'; it must be one of {allowed}, in UTF-8",
        "Content-Type 为“{value}”；可选值有 {allowed}，须为 UTF-8 编码")
REFUSAL(NO_MEDIA_TYPE, 415, "Unsupported media type",
        "the body has no Content-Type; it must be one of {allowed}, in UTF-8",
        "请求体没有 Content-Type；可选值有 {allowed}，须为 UTF-8 编码")

/* /segment. */
REFUSAL(POS_MODE, 400, "pos needs mode=accurate",
        "pos=1 tags the words of mode=accurate; leave mode out, or pos",
        "pos=1 只能用于 mode=accurate；请去掉 mode 或 pos")
REFUSAL(
    OFFSETS_MODE, 400, "offsets needs mode=accurate or mode=search",
    "offsets=1 does not go with mode=full; take mode=accurate or mode=search, or leave offsets out",
    "offsets=1 不能用于 mode=full；请改用 mode=accurate 或 mode=search，或去掉 offsets")
REFUSAL(EXPLAIN_MODE, 400, "explain needs mode=accurate",
        "explain=1 explains the words of mode=accurate; leave mode out, or explain",
        "explain=1 只能用于 mode=accurate；请去掉 mode 或 explain")
REFUSAL(EXPLAIN_POS, 400, "explain needs pos=0",
        "explain=1 does not go with pos=1; leave one of them out",
        "explain=1 不能与 pos=1 同时使用；请去掉其中一个")
REFUSAL(EXPLAIN_TEXTS, 400, "explain needs one text",
        "explain=1 explains one text; send it as text in place of texts",
        "explain=1 只能解释一段文本；请用 text 代替 texts")
REFUSAL(EXPLAIN_LENGTH, 413, "Too long to explain: at most " LIMIT_TEXT(EXPLAIN_MAX) " characters",
        "text has {n} characters; with explain=1 it may have at most " LIMIT_TEXT(EXPLAIN_MAX),
        "text 有 {n} 个字符；explain=1 时最多 " LIMIT_TEXT(EXPLAIN_MAX) " 个")
REFUSAL(TEXT_LENGTH, 413, "Too long: at most " LIMIT_TEXT(SEGMENT_MAX_CHARACTERS) " characters",
        "text has {n} characters; it may have at most " LIMIT_TEXT(SEGMENT_MAX_CHARACTERS),
        "text 有 {n} 个字符；最多 " LIMIT_TEXT(SEGMENT_MAX_CHARACTERS) " 个")
REFUSAL(
    TEXTS_LENGTH, 413, "Too long: at most " LIMIT_TEXT(SEGMENT_MAX_CHARACTERS) " characters",
    "texts have {n} characters together; they may have at most " LIMIT_TEXT(SEGMENT_MAX_CHARACTERS),
    "texts 共有 {n} 个字符；最多 " LIMIT_TEXT(SEGMENT_MAX_CHARACTERS) " 个")
REFUSAL(TEXTS_TYPE, 400, "Invalid texts", "texts is '{value}'; it must be an array of strings",
        "texts 的值为“{value}”；必须是字符串数组")
REFUSAL(TEXTS_AND_TEXT, 400, "Invalid texts",
        "text and texts are both given; leave one of them out",
        "同时给出了 text 和 texts；请去掉其中一个")
REFUSAL(TEXTS_ELEMENT, 400, "Invalid texts",
        "element {n} of texts, counted from 0, is {value}; it must be a string",
        "texts 中下标为 {n} 的元素（从 0 开始）为 {value}；必须是字符串")
REFUSAL(TEXTS_COUNT, 413, "Too many texts: at most " LIMIT_TEXT(SEGMENT_MAX_TEXTS),
        "texts has {n} elements; it may have at most " LIMIT_TEXT(SEGMENT_MAX_TEXTS),
        "texts 有 {n} 个元素；最多 " LIMIT_TEXT(SEGMENT_MAX_TEXTS) " 个")

/* /keywords. */
REFUSAL(ALLOW_POS_TYPE, 400, "Invalid allow_pos",
        "allow_pos is {value}; it must be a string such as \"ns,n,vn,v\"",
        "allow_pos 的值为 {value}；必须是字符串，例如 \"ns,n,vn,v\"")
REFUSAL(ALLOW_POS_TAG, 400, "Invalid allow_pos",
        "allow_pos has '{value}'; a tag has 1 to " LIMIT_TEXT(
            TAG_SIZE) " letters, digits, _ or -, as in ns,n,vn,v",
        "allow_pos 中有“{value}”；词性标记由 1 到 " LIMIT_TEXT(
            TAG_SIZE) " 个字母、数字、_ 或 - 组成，例如 ns,n,vn,v")
REFUSAL(ALLOW_POS_COUNT, 400, "Invalid allow_pos", "allow_pos has more than {n} tags",
        "allow_pos 中的词性标记超过 {n} 个")
REFUSAL(
    KEYWORDS_SIZE, 413, "Too long: at most " LIMIT_TEXT(KEYWORDS_MAX_TEXT_MB) " MB",
    "text may have at most " LIMIT_TEXT(KEYWORDS_MAX_TEXT_MB) " MB; split it into several requests",
    "text 最多 " LIMIT_TEXT(KEYWORDS_MAX_TEXT_MB) " MB；请拆成多次请求")
