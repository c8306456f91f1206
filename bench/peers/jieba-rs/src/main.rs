//! jieba-rs DICT: jieba-rs as a peer of the benchmark. bench/peers.py describes the commands.

use jieba_rs::{Jieba, Token};
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::time::Instant;

fn cut<'a>(jieba: &Jieba, mode: &str, line: &'a str) -> Vec<Token<'a>> {
    match mode {
        "hmm" => jieba.cut(line, true),
        "no-hmm" => jieba.cut(line, false),
        "full" => jieba.cut_all(line),
        "search" => jieba.cut_for_search(line, true),
        _ => panic!("no such mode: {mode}"),
    }
}

fn cut_all(jieba: &Jieba, mode: &str, lines: &[&str]) -> String {
    let begin = Instant::now();
    let words: usize = lines.iter().map(|line| cut(jieba, mode, line).len()).sum();
    format!("{} {}", begin.elapsed().as_nanos(), words)
}

fn write_words(jieba: &Jieba, mode: &str, lines: &[&str], path: &str) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for line in lines {
        for token in cut(jieba, mode, line) {
            for byte in token.word.bytes() {
                write!(out, "{byte:02x}")?;
            }
            write!(out, ",")?;
        }
        writeln!(out)?;
    }
    out.flush()
}

/// The corpus stays in memory for as long as the process runs.
fn load(path: &str) -> io::Result<Vec<&'static str>> {
    let text: &'static str = fs::read_to_string(path)?.leak();
    Ok(text.split_terminator('\n').collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    let dict = std::env::args().nth(1).expect("usage: jieba-rs-peer DICT");
    let jieba = Jieba::with_dict(&mut BufReader::new(File::open(dict)?))?;
    let mut lines = Vec::new();
    for command in io::stdin().lock().lines() {
        let command = command?;
        match *command.split(' ').collect::<Vec<_>>() {
            ["load", path] => {
                lines = load(path)?;
                println!("{}", lines.len());
            }
            ["cut", mode] => println!("{}", cut_all(&jieba, mode, &lines)),
            ["words", mode, path] => {
                write_words(&jieba, mode, &lines, path)?;
                println!("{}", lines.len());
            }
            _ => break, // quit
        }
    }
    Ok(())
}
