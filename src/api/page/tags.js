/* The meanings of jieba's tags for parts of speech. A longer tag without an entry is a kind of its first letter. */

import {isChinese} from "./language.js";

const TAGS = {
  a: ["adjective", "形容词"], ad: ["adjective as adverb", "副形词"], an: ["adjective as noun", "名形词"],
  b: ["distinguishing adjective", "区别词"], c: ["conjunction", "连词"], d: ["adverb", "副词"], e: ["interjection", "叹词"],
  eng: ["English", "英文"], f: ["locality", "方位词"], g: ["morpheme", "语素"], h: ["prefix", "前缀"],
  i: ["idiom", "成语"], j: ["abbreviation", "简称"], k: ["suffix", "后缀"], l: ["phrase", "习用语"],
  m: ["number", "数词"], n: ["noun", "名词"], nr: ["person name", "人名"], ns: ["place name", "地名"],
  nt: ["organization name", "机构名"], nz: ["other proper noun", "其他专名"], o: ["onomatopoeia", "拟声词"], p: ["preposition", "介词"],
  q: ["measure word", "量词"], r: ["pronoun", "代词"], s: ["place word", "处所词"], t: ["time word", "时间词"],
  u: ["particle", "助词"], v: ["verb", "动词"], vd: ["verb as adverb", "副动词"], vn: ["verb as noun", "名动词"],
  w: ["punctuation", "标点"], x: ["punctuation and other", "标点及其他"], y: ["modal particle", "语气词"], z: ["state word", "状态词"],
};

export function meaningOf(tag) {
  const names = TAGS[tag] || TAGS[tag[0]];
  return names ? names[isChinese() ? 1 : 0] : tag;
}
