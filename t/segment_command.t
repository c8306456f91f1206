#!/usr/bin/python3
"""`serverful segment` prints the same bytes as `python3 -m jieba` for the same options."""

import os
import runpy
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import jieba
import jieba.posseg
import oracle
import tap
import texts
from store import jieba_snapshot
from texts import generated, words

TEXT = (
    "我来到北京清华大学\n\n他来到了网易杭研大厦 1.5% c++\r\n  两个\t空白 \n李小福是创新办主任也是云计算方面的专家\n"
    "一行\r又一行\r\n例如我输入一个带“韩玉赏鉴”的标题,在自定义词库中也增加了此词为N类\n最后没有换行"
)
DICT = "我们 5\n我 3 r\n清华大学 9 nt\n清华 20 nt\n大学 30 n\n北京 4\n北京 6\n小福 1\nAB超 2\n"
USER = (
    "\ufeff云计算 5\n李小福 2 nr\n创新办 3 i\neasy_install 3 eng\n好用 300\n韩玉赏鉴 3 nz\n八一双鹿 3 nz\n台中\n凱特琳 nz\n"
    "\n  行又 \nEdu Trust认证 2000\n来到了网易\n杭研大\n· 3\n也是 1\n1.5%\n"
)
ZERO = "杭研 0\n北京 0 ns\n小福 0\n的 0\n清 0 nr\n我来 5\n我来 0\n可设 0\n可设 1 v\n网易\nc++ 0\n"
ZERO_DICT = "我 5 r\n我们 0 r\n清华大学 0 nt\n清华 20 nt\n大学 30 n\n杭研 0 n\n北京 4\n北京 0\n龘 0\n"
TEXT += "可设为\n凱特琳在台中 easy_install Edu Trust认证 行又一行\n八一双鹿AB超\n"


def run(command, text=None):
    """Run a command. Returns its exit status and its standard output."""
    done = subprocess.run(command, input=text, capture_output=True)
    return done.returncode, done.stdout


def write(directory, name, text):
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path


def run_module(arguments, directory):
    """Run `python3 -m jieba` in this process, with the words that are already loaded."""
    os.chdir(directory)
    for name, mode, fd in (("in", os.O_RDONLY, 0), ("out", os.O_WRONLY, 1), ("err", os.O_WRONLY, 2)):
        os.dup2(os.open(name, mode | os.O_CREAT), fd)
    sys.stdin, sys.stdout = open(0, encoding="utf-8", newline="\n"), open(1, "w", encoding="utf-8")
    sys.argv[1:] = arguments
    runpy.run_module("jieba", run_name="__main__", alter_sys=True)
    sys.stdout.flush()


def jieba_prints(_, request):
    """What `python3 -m jieba` prints with these arguments, this standard input, and these files. A child process runs it."""
    arguments, text, files = request
    jieba.initialize()  # before the fork, so that each child has the words
    with tempfile.TemporaryDirectory() as directory:
        for name, content in (("in", text), *files):
            write(directory, name, content)
        child = os.fork()
        if not child:
            try:
                run_module(arguments, directory)
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        with open(os.path.join(directory, "out"), "rb") as file:
            return os.waitstatus_to_exitcode(status), file.read()


# The options to test, with dictionaries and user dictionaries. Without -D, -u compiles all words of the snapshot anew: four times
# are enough.
OPTION_LISTS = (
    [], ["-a"], ["-n"], ["-d", "|"], ["-d"], ["-d/"], ["--delimiter=<>", "--no-hmm"], ["--cut-all", "-n"],
    ["-p"], ["-p", "/", "-n"], ["--pos=<>", "-d", "|", "-a"], ["-p", ""], ["-p/", "-D", "dict.txt", "-u", "user.txt"],
    ["-u", "many.txt", "-n", "-p"],
    ["-D", "dict.txt"], ["-D", "dict.txt", "-a"], ["-u", "user.txt"], ["-D", "dict.txt", "-u", "user.txt", "-n"],
    ["-D", "dict.txt", "--user-dict", "user.txt"],
    *(["-D", "dict.txt", "-u", "zero.txt", *option] for option in ([], ["-n"], ["-a"])), ["-u", "zero.txt"], ["-u", "zero.txt", "-p"],
    ["-D", "zero-dict.txt"], ["-D", "zero-dict.txt", "-u", "zero.txt"], ["-D", "zero-dict.txt", "-u", "zero.txt", "-p"],
    ["-D", "dict.txt", "-u", "many.txt"], ["--dict", "dict.txt", "-u", "many.txt", "-n"],
)

# jieba takes 10 ms to tag a line: a few lines test the options, and t/pos.t compares the tags of many texts.
FILES = {
    "text.txt": "\n".join([*generated(11, 300), TEXT]), "tagged.txt": "\n".join([*generated(11, 300 if texts.LARGE else 40), TEXT]), "dict.txt": DICT, "user.txt": USER,
    "zero.txt": ZERO, "zero-dict.txt": ZERO_DICT,
    "many.txt": "".join(f"{a}{b}\n" for a, b in zip(words()[::4001], words()[7::4001])),
}


def check_alike(directory, ours):
    """Test the options that jieba has, too."""
    paths = {name: write(directory, name, text) for name, text in FILES.items()}
    for options in OPTION_LISTS:
        shown = " ".join(options) or "no options"
        is_tagged = any(option.startswith(("-p", "--pos")) for option in options)
        arguments = (*options, "-q", "tagged.txt" if is_tagged else "text.txt")
        named = tuple((name, text) for name, text in FILES.items() if name in arguments)
        expected = ask_jieba((arguments, "", named))
        tap.ok(expected[0] == 0, f"python3 -m jieba accepts: {shown}")
        tap.equal(run([*ours, *(paths.get(argument, argument) for argument in arguments)]), expected,
                  f"the output is that of python3 -m jieba with {shown}")
    tap.equal(run([*ours, "-q"], TEXT.encode()), ask_jieba((("-q",), TEXT, ())),
              "the output for the standard input is that of python3 -m jieba")


def check_own(directory, ours):
    """Test what only our command has."""
    small = ["-D", write(directory, "small.txt", DICT)]
    tap.equal(run([*ours, "-s"], "中国科学院计算所".encode()),
              (0, "中国 / 科学 / 学院 / 科学院 / 中国科学院 / 计算 / 计算所\n".encode()), "-s selects search mode")
    tap.equal(run([*ours, "-s", "-p"], "中国科学院计算所".encode()), (0, "中国科学院_nt / 计算所_n\n".encode()),
              "with -p, -s is ignored")
    tap.equal(run([*ours, "--help"])[0], 0, "--help exits with status 0")
    tap.equal(run([*ours, "--nonsense"])[0], 2, "an unknown option exits with status 2")
    tap.equal(run([*ours, "a", "b"])[0], 2, "two files exit with status 2")
    for arguments, text in ((["/nonexistent"], None), (["-D", "/nonexistent"], b""), ([*small, "-u", "/nonexistent"], b""),
                            (["-D", write(directory, "bad.txt", "word\n")], b""),
                            ([*small, "-u", write(directory, "large.txt", "word 99999999999999999999\n")], b""), ([], b"\xff\n")):
        tap.equal(run([*ours, *arguments], text)[0], 1,
                  f"a failure exits with status 1: {[os.path.basename(a) for a in arguments]} {text}")


tap.plan(2 * len(OPTION_LISTS) + 12)
jieba.setLogLevel(60)
ask_jieba = oracle.remember(jieba_prints, jieba.dt)
with tempfile.TemporaryDirectory() as directory:
    ours = [tap.SERVERFUL, "segment", "--snapshot", jieba_snapshot(directory)]
    check_alike(directory, ours)
    check_own(directory, ours)
tap.done()
