#!/usr/bin/python3
"""Each page of docs/ has a twin in Chinese that says the same: the headings, paragraphs, lists and tables have the same shape, code
is the same but for its comments, and each section has the same figures, code and links. The statements of sql/admin.zh-CN.sql are
those of sql/admin.sql. All Chinese texts, those of the report too, are set as Chinese text is, and each English text of the report has
one Chinese text."""

import ast
import glob
import os
import re
import sys
from collections import Counter

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from tap import SOURCE, done, equal, ok, plan
sys.path.insert(0, os.path.join(SOURCE, "compare"))
from chinese import CATALOGUE

HAN = "[\u4e00-\u9fff]"
MONTHS = "January February March April May June July August September October November December".split()
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "万": 10**4, "亿": 10**8}


def read(name):
    with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
        return file.read()


def twin(name):
    return re.sub(r"\.(md|sql)$", r".zh-CN.\1", name)


def blocks(text):
    """The blocks of a page, which end at an empty line outside of a fence."""
    found, fenced = [""], False
    for line in text.split("\n"):
        fenced ^= line.startswith("```")
        if line or fenced:
            found[-1] += line + "\n"
        elif found[-1]:
            found.append("")
    return [block for block in found if block]


def is_code(block):
    return block.startswith(("```", "    "))


def shape(block):
    """The kind of a block, and how many items, rows and columns it has."""
    lines = block.splitlines()
    if is_code(block):
        return "code"
    if block.startswith("#"):
        return "heading " + block.split()[0]
    if block.startswith("|"):
        return "table", [len(re.findall(r"(?<!\\)\|", line)) for line in lines]
    items = [line for line in lines if re.match(r"- |\d+\. ", line)]
    return ("list", len(items)) if items else "paragraph"


def statements(block):
    """A block of code without its comments. Of a diagram, the directories in it, of a formula, its operators and parameters: their
    words are translated."""
    if re.search(r"^ +src/\w+/  ", block):
        return re.findall(r"src/\w+/", block)
    if " × " in block:
        return re.findall(r"\w+_\w+|headroom|\d+|[()×÷−]", block)
    return [re.sub(r"(^|\s+)# .*$|(?<=;)\s+-- .*$", "", line) for line in block.splitlines()]


def sections(text):
    """The text of each section: a heading and what is below it. A # in a fence or an indented line is no heading."""
    found = []
    for block in blocks(text):
        if block.startswith("#"):
            found.append("")
        found[-1] += block + "\n"
    return found


def figures(text):
    """The figures in a text and how often it has each. "1 to 10 million" and "100 万到 1000 万" have the same, "August" and "8 月" too."""
    found = []
    text = re.sub(r"([\d.]+) to ([\d.]+) ([mb]illion)", r"\1 \3 to \2 \3", text)
    text = re.sub("|".join(MONTHS), lambda month: str(MONTHS.index(month[0]) + 1), text)
    for figure, scale in re.findall(r"(\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*)(?: ?(" + "|".join(SCALES) + ")(?![a-z]))?", text):
        figure = figure.replace(",", "")
        found.append(str(round(float(figure) * SCALES[scale])) if scale else figure)
    return Counter(found)


def spans(text):
    """The code within the sentences of a text, and how often it has each piece."""
    return Counter(" ".join(span.split()) for block in blocks(text) if not is_code(block) for span in re.findall("`([^`]+)`", block))


def slug(heading):
    """The anchor of a heading."""
    return re.sub(r"[^\w -]", "", re.sub("^#+ ", "", heading).lower()).replace(" ", "-")


def anchors(name):
    return [slug(section.splitlines()[0]) for section in sections(read(name))]


def links(name, text):
    """Where a text links to, of a twin as its English page would, with the number of the section in place of the anchor."""
    found = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if anchor and "://" not in target:
            have = anchors(os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name)
            anchor = have.index(anchor) if anchor in have else "no heading " + anchor
        found.append((path.replace(".zh-CN", ""), anchor))
    return Counter(found)


def english_links(name, text):
    """Links of a Chinese page that lead to an English one of which a twin exists, but for that to its own English page."""
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    return [target for target in targets if target and "://" not in target and twin(target) != target and
            os.path.exists(os.path.join(SOURCE, os.path.dirname(name), twin(target))) and twin(target) != os.path.basename(name)]


def wrong_type(text):
    """Where a Chinese text lacks the space between Chinese and Latin characters, has one before %, or has punctuation of half width."""
    prose = "\n".join(block for block in blocks(text) if not is_code(block))
    prose = re.sub(r"\]\([^)]*\)", "]", re.sub(r"`[^`\n]+`", "x", prose)).replace("**", "").replace("![", "").replace("[", "").replace("]", "")
    return re.findall(f".{{0,9}}(?:{HAN}[A-Za-z0-9,;:!?()]|[A-Za-z0-9,;:!?(]{HAN}|[0-9a-z] %).{{0,9}}", prose)


def differences(name, of):
    """What the sections of a page and of its twin have differently, by the number of the section."""
    pairs = zip(sections(read(name)), sections(read(twin(name))))
    return {n: (have - also, also - have) for n, (a, b) in enumerate(pairs) if (have := of(name, a)) != (also := of(twin(name), b))}


def check_page(name):
    ours, its = blocks(read(name)), blocks(read(twin(name)))
    equal([shape(block) for block in its], [shape(block) for block in ours], f"{twin(name)} has the headings, paragraphs, lists and tables of {name}")
    code = [[statements(block) for block in page if is_code(block)] for page in (its, ours)]
    equal([pair for pair in zip(*code) if pair[0] != pair[1]], [], f"{twin(name)} has the code of {name}, but for comments")
    equal(differences(name, lambda _, text: figures(text)), {}, f"{twin(name)} has the figures of {name} in each section")
    equal(differences(name, lambda _, text: spans(text)), {}, f"{twin(name)} has the code of {name} within the sentences of each section")
    equal(differences(name, links), {}, f"{twin(name)} has the links of {name} in each section")
    ok(ours[1].startswith(f"[中文]({os.path.basename(twin(name))})") and its[1].startswith(f"[English]({os.path.basename(name)})"),
       f"{name} and {twin(name)} link to each other below their titles", (ours[1], its[1]))


def examples(text):
    """The examples of sql/admin.sql, each line of comment without its words: what the shell prints must stay."""
    return [re.sub("^-- .*", "--", line) for line in text.splitlines()]


def repeated(name):
    """The keys that dicts in a Python file have twice: only the last one counts."""
    keys = [key.value for node in ast.walk(ast.parse(read(name))) if isinstance(node, ast.Dict) for key in node.keys]
    return [key for key, n in Counter(keys).items() if n > 1]


PAGES = sorted(os.path.relpath(path, SOURCE) for path in glob.glob(os.path.join(SOURCE, "docs", "*.md")) if ".zh-CN." not in path)
TWINS = [name for name in PAGES if os.path.exists(os.path.join(SOURCE, twin(name)))]
ALONE = [name for name in PAGES if name not in TWINS]
CHINESE = ["README.zh-CN.md", *map(twin, TWINS)]

plan(6 * len(TWINS) + 2 * len(CHINESE) + 5)
equal(ALONE, [], "each page of docs/ has a twin in Chinese, whose name ends in .zh-CN.md")
for page in TWINS:
    check_page(page)
for page in CHINESE:
    equal(english_links(page, read(page)), [], f"{page} links to Chinese pages where there are any")
    equal(wrong_type(read(page)), [], f"{page} has a space between Chinese and Latin characters, and punctuation of full width")
REPORT = "\n\n".join(re.sub(r"\{\w+\}", "x", text).strip() for text in CATALOGUE.values())
equal(wrong_type(REPORT), [], "the Chinese texts of the report have the same")
equal(repeated("compare/chinese.py"), [], "compare/chinese.py has each English text once")
SQL, CHINESE_SQL = read("sql/admin.sql"), read("sql/admin.zh-CN.sql")
equal(examples(CHINESE_SQL), examples(SQL), "sql/admin.zh-CN.sql has the statements of sql/admin.sql, and says that they print the same")
equal(figures(CHINESE_SQL), figures(SQL), "sql/admin.zh-CN.sql has the figures of sql/admin.sql")
done()
