/* The Chinese texts of the page, by the English ones. t/page.t fails where one is missing, or no longer used. */

export const ZH = {
  "serverful: Chinese word segmentation": "serverful：中文分词",
  "Skip to the text": "跳到文本框", "Page": "页面导航", "Chinese word segmentation, as an API": "中文分词 API",
  "API reference": "接口文档", "Theme": "主题", "System theme": "跟随系统", "Light": "浅色", "Dark": "深色",

  "Segment Chinese text": "中文分词", "Text": "文本", "Type Chinese text here": "在此输入中文文本", "Examples": "示例", "Try:": "试一试：",
  "a paragraph": "一段文字", "Mode": "模式", "Accurate": "精确模式", "Full": "全模式", "Search": "搜索引擎模式", "Options": "选项",
  "New words (HMM)": "新词识别（HMM）", "Parts of speech": "词性", "Positions": "位置",
  "Segmenting…": "正在分词…", "Words": "分词结果", "{n} word": "{n} 个词", "{n} words": "{n} 个词",
  "The first {n} are shown; copying takes all.": "仅显示前 {n} 个，复制时包含全部。",
  "Copy words": "复制分词结果", "Copy JSON": "复制 JSON", "Copy link": "复制链接", "Copy curl": "复制 curl 命令", "JSON": "JSON 数据",
  "The request as a command": "该请求的命令行", "Copied": "已复制", "Copy": "复制",
  "The browser does not allow it: select the text and copy it.": "浏览器不允许自动复制，请手动选中后复制。",
  "The text is too long for the address: a link to this page leaves it out.": "文本过长，无法放入地址，链接中不含文本。",

  "Keywords": "关键词", "of the same text": "提取自上方文本", "Method": "算法", "How many": "数量", "Only tags": "限定词性",
  "Weighing the words…": "正在提取关键词…", "{n} keyword": "{n} 个关键词", "{n} keywords": "{n} 个关键词",
  "Keyword": "关键词", "Share": "占比", "Weight": "权重", "Weight of {word}": "“{word}”的权重",

  "Why these words": "为什么这样分词",
  "All words that the dictionary has for this text, each with its log probability. The segmenter takes the path with the greatest sum. Select a word to see the SQL that changes it.":
    "图中是词典在这段文本里匹配到的所有词，数字为对数概率。分词器选取总和最大的路径。点选任意一个词，即可查看用来调整分词的 SQL。",
  "Full mode takes every word of the dictionary and chooses no path. The graph shows the accurate mode.":
    "全模式列出词典匹配到的所有词，不选取路径。词图展示的是精确模式。",
  "Search mode takes the words of the accurate mode, which the graph shows, and adds the shorter words inside them.":
    "搜索引擎模式在精确模式（即词图所示）的结果上，再切出长词中较短的词。",
  "With parts of speech, another model finds the words that the dictionary lacks: they can differ from those in the graph.":
    "标注词性时，由另一个模型识别词典中没有的词，结果可能与词图不同。",
  "best path": "最优路径", "other candidates": "其他候选词", "made by the HMM or a rule": "由 HMM 或规则生成",
  "Zoom": "缩放", "Zoom in": "放大", "Zoom out": "缩小", "Fit": "适应窗口",
  "Drawing the word graph…": "正在绘制词图…", "Word graph": "词图", "{n} candidate": "{n} 个候选词", "{n} candidates": "{n} 个候选词",
  "best path {p}": "最优路径 {p}", "The graph shows texts of up to {n} characters.": "词图最多支持 {n} 个字符。",
  "rule": "规则", "dictionary": "词典", "HMM": "HMM 识别", "log probability {p}": "对数概率 {p}", "on the best path": "在最优路径上",
  "made by a rule": "由规则生成", "found by the HMM": "由 HMM 识别", "frequency {n}": "词频 {n}", "not in the dictionary": "词典中没有",
  "Join {pieces} to {word}": "合并：{pieces} → {word}", "Keep {word} as a word": "收录：{word}", "Split {word} into {pieces}": "拆分：{word} → {pieces}",
  "Tried out: it gives {words}": "已验证，结果为：{words}", "Tried out: it does not do this, it gives {words}": "已验证，达不到此效果，结果为：{words}",
  "Copy SQL": "复制 SQL",
  "Run one of these in sqlite3 on the service's store, var/serverful.db or /var/lib/serverful/serverful.db. Within a second the service uses it, and this page shows it when you come back.":
    "用 sqlite3 打开服务的数据库（var/serverful.db 或 /var/lib/serverful/serverful.db），执行其中一条，一秒内即可生效，回到本页面就能看到新的结果。",
  "The service has tried no change of this word itself. These split the words in its place.": "服务没有针对该词本身的修改建议。以下语句会拆分占据其位置的词。",
  "The service has tried no change of this word.": "服务没有针对该词的修改建议。", "Its row in the dictionary:": "该词在词典中的记录：",

  "Random image": "随机图片", "Tag": "标签", "Seed": "种子", "Show an image": "随机一张", "Choosing an image…": "正在选取图片…",
  "The host of the image does not send it. Try another one.": "图片加载失败，请换一张试试。",
  "Calculator": "计算器", "First number": "第一个数", "Second number": "第二个数", "Operator": "运算符", "Calculating…": "正在计算…",

  "The description as OpenAPI 3.1": "OpenAPI 3.1 描述文件", "Loading the description…": "正在加载接口文档…",
  "Parameters of the query": "查询参数", "Body:": "请求体：", "Responses": "响应", "Headers:": "响应头：", "required": "必填",
  "default {value}": "默认值 {value}", "for example {value}": "例如 {value}", "at most {n}": "最多 {n} 项", "at most {n} bytes": "最多 {n} 字节",
  "string": "字符串", "integer": "整数", "number": "数字", "array": "数组", "object": "对象", "boolean": "布尔值", "any value": "任意值",
  "Send": "发送请求", "Waiting for the answer…": "正在等待响应…", "Try {path}": "调用 {path}",
  "The answer is a redirection: open it in a new window.": "响应为重定向，请在新窗口中打开。",

  "Still waiting for the service…": "服务响应较慢，仍在等待…", "Try again": "重试", "The page asks again in {wait} s.": "{wait} 秒后自动重试。",
  "You are offline": "网络已断开", "The page asks again when you are online.": "网络恢复后会自动重试。",
  "Cannot reach the service": "无法连接服务", "Check that it is running.": "请检查服务是否在运行。",
  "The service refuses this request": "请求有误",
  "The answer is not from the service": "收到的响应并非来自本服务",
  "Something before it has answered: check the address, or log in to the network.": "响应可能来自中间的代理或网关，请检查地址，或确认是否需要登录网络。",
  "The text is too long": "文本过长", "Shorten it, or send its parts one by one.": "请缩短文本，或分多次发送。",
  "Too many requests": "请求过于频繁", "Wait a moment.": "请稍候。",
  "The service failed": "服务内部错误", "Its log says why. Other requests may still work.": "原因见服务日志，其他请求可能不受影响。",
  "The service is not reachable": "服务不可用", "It may be restarting. Wait a moment.": "服务可能正在重启，请稍候。",
  "The service is overloaded": "服务繁忙",
  "The service did not answer in time": "服务响应超时", "Wait a moment, or shorten the text.": "请稍候，或缩短文本。",
};
