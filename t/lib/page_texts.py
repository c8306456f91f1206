"""The texts of the page, for the check that each English one has its Chinese, and no Chinese one is left over."""

import json
import re

PLACEHOLDER = re.compile(r"\{\w+\}")


def _table(page, name):
    """Return a table of Chinese texts in the page's script, by the English ones."""
    body = re.search(rf"^const {name} = (\{{.*?^\}});", page, re.M | re.S)[1]
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
    return {json.loads(key): json.loads(value) for key, value in re.findall(r'("(?:[^"\\]|\\.)*"):\s*("(?:[^"\\]|\\.)*")', body)} | \
        {key: json.loads(value) for key, value in re.findall(r'(?:^|[{,])\s*(\w+): ("(?:[^"\\]|\\.)*")', body)}


def _used(page):
    """Return the English texts that markup and script use."""
    markup, script = page.split("const modules = {};")
    script = re.sub(r'modules\["(texts|api)_zh\.js"\] = .*?^\}\)\(\);', "", script, flags=re.M | re.S)
    markup = re.sub(r"<(style|script)>.*?</\1>", "", markup, flags=re.S)
    found = set(re.findall(r"<[^>]+ data-t(?:=\"\")?>([^<]+)<", markup)) | set(re.findall(r'data-(?:label|hint)="([^"]+)"', markup))
    return found, script


def problems(page):
    """Return what is wrong with the table ZH of a page: texts without Chinese, Chinese that nothing uses or whose names in braces
    differ."""
    table = _table(page, "ZH")
    found, script = _used(page)
    strings = set(re.findall(r'"((?:[^"\\\n]|\\.)*)"', script))
    called = set(re.findall(r'\bt\("((?:[^"\\]|\\.)+)"', script)) | \
        {text for pair in re.findall(r'\bcounted\([^"]*"([^"]+)", "([^"]+)"\)', script) for text in pair}
    wrong = [f"no Chinese: {text}" for text in sorted((found | called) - set(table))]
    wrong += [f"not used: {text}" for text in sorted(set(table) - found - strings)]
    wrong += [f"other names: {english}" for english, chinese in table.items()
              if set(PLACEHOLDER.findall(english)) < set(PLACEHOLDER.findall(chinese))]
    wrong += [f"no Chinese characters: {chinese}" for chinese in table.values() if not re.search("[\u4e00-\u9fff]", chinese)]
    return wrong


def left_over(page, description):
    """Return the texts of the table API_ZH that stand nowhere in the description of the API."""
    texts = set()
    def collect(part):
        for value in part.values() if isinstance(part, dict) else part:
            if isinstance(value, str):
                texts.add(value)
            elif isinstance(value, (dict, list)):
                collect(value)
    collect(description)
    return sorted(set(_table(page, "API_ZH")) - texts)
