// peer.js nodejieba|node-rs DICT: cppjieba through nodejieba, or jieba-rs through @node-rs/jieba, as a peer of
// the benchmark. bench/peers.py describes the commands.
'use strict';
const fs = require('fs');
const readline = require('readline');

const makers = {
  nodejieba: (dict) => {
    const jieba = require('nodejieba');
    jieba.load({ dict, userDict: '/dev/null' });
    return {
      hmm: (line) => jieba.cut(line, true),
      'no-hmm': (line) => jieba.cut(line, false),
      full: (line) => jieba.cutAll(line),
      search: (line) => jieba.cutForSearch(line, true),
    };
  },
  'node-rs': (dict) => {
    const jieba = require('@node-rs/jieba').Jieba.withDict(fs.readFileSync(dict));
    return {
      hmm: (line) => jieba.cut(line, true),
      'no-hmm': (line) => jieba.cut(line, false),
      full: (line) => jieba.cutAll(line),
      search: (line) => jieba.cutForSearch(line, true),
    };
  },
};

const cuts = makers[process.argv[2]](process.argv[3]);
let lines = [];

const hex = (word) => Buffer.from(word).toString('hex') + ',';

const commands = {
  load: (path) => {
    lines = fs.readFileSync(path, 'utf8').split('\n').slice(0, -1);
    return lines.length;
  },
  cut: (mode) => {
    const cut = cuts[mode];
    let words = 0;
    const begin = process.hrtime.bigint();
    for (const line of lines) words += cut(line).length;
    return `${process.hrtime.bigint() - begin} ${words}`;
  },
  words: (mode, path) => {
    fs.writeFileSync(path, lines.map((line) => cuts[mode](line).map(hex).join('') + '\n').join(''));
    return lines.length;
  },
  quit: () => process.exit(0),
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [name, ...args] = line.split(' ');
  process.stdout.write(commands[name](...args) + '\n');
});
