"""The segmenters that bench/segment.py compares, each a process that takes these commands, a line each:

    load FILE           read the lines of a corpus           -> lines
    cut MODE            cut each line once                   -> nanoseconds, words
    words MODE FILE     write each line's words              -> lines
    quit

MODE is hmm, no-hmm, full or search. Words are written in hexadecimal digits, each followed by a comma. The dictionary
is jieba's own for all. What a peer needs is installed below the build directory; one that can't be had is left out.
"""

import glob
import os
import shutil
import subprocess

import install
import texts
from tap import BUILD

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
WORK = os.path.join(BUILD, "bench")
DICT = os.path.join(texts.JIEBA, "dict.txt")
PYTHON = "/usr/bin/python3"


class Peer:
    """One segmenter. One that is `slow` is given a sample of a corpus."""

    def __init__(self, name, command, directory=None, slow=False):
        self.name, self.command, self.directory, self.slow = name, command, directory, slow
        self.process = subprocess.Popen(command, cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.ask("load", os.devnull) != [0]:
            raise install.Missing("its process ends at the start")

    def ask(self, *words):
        """Send a command; the numbers that it answers, none where the peer has ended."""
        print(*words, file=self.process.stdin, flush=True)
        return [int(number) for number in self.process.stdout.readline().split()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def _ours(snapshot):
    return Peer("serverful", [os.path.join(WORK, "ours"), snapshot])


def _python(_):
    return Peer("python3-jieba", [PYTHON, os.path.join(HERE, "python_jieba.py")], slow=True)


def _jieba_rs(_):
    install.packages("cargo-web", commands=["cargo"])  # Debian 12's cargo is too old for it
    directory = shutil.copytree(os.path.join(HERE, "jieba-rs"), os.path.join(WORK, "jieba-rs"), dirs_exist_ok=True)
    install.run(["cargo", "build", "--release"], directory, os.path.join(directory, "log"))
    return Peer("jieba-rs", [os.path.join(directory, "target", "release", "jieba-rs-peer"), DICT])


def _npm():
    """The npm packages, without their install scripts, one of which would fetch a binary; their directory."""
    install.packages("nodejs", "npm", commands=["node", "npm"])
    directory = shutil.copytree(os.path.join(HERE, "node"), os.path.join(WORK, "node"), dirs_exist_ok=True)
    if not os.path.isdir(os.path.join(directory, "node_modules")):
        install.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"], directory,
                    os.path.join(directory, "log"))
    return directory


def _node_rs(_):
    directory = _npm()
    return Peer("@node-rs/jieba", ["node", os.path.join(directory, "peer.js"), "node-rs", DICT], directory)


def _nodejieba(_):
    """cppjieba in node. Its addon is compiled here, with the headers of the node that is installed."""
    directory = _npm()
    module = os.path.join(directory, "node_modules", "nodejieba")
    if not os.path.exists(os.path.join(module, "build", "Release", "nodejieba.node")):
        install.packages("g++", commands=["g++"])
        if not os.path.isdir("/usr/include/node"):
            install.packages("libnode-dev")
        npm = os.path.dirname(os.path.dirname(os.path.realpath(shutil.which("npm"))))
        found = [path for pattern in (npm + "/node_modules/node-gyp", "/usr/share/nodejs/node-gyp")
                 for path in glob.glob(pattern + "/bin/node-gyp.js")]
        if not found:
            raise install.Missing("node-gyp, which comes with npm, is not there")
        install.run(["node", found[0], "rebuild", "--nodedir=/usr"], module, os.path.join(directory, "log"))
    return Peer("nodejieba", ["node", os.path.join(directory, "peer.js"), "nodejieba", DICT], directory)


def _cppjieba(_):
    """cppjieba without node, from the headers and the model that nodejieba brings along."""
    headers = os.path.join(_npm(), "node_modules", "nodejieba", "submodules", "cppjieba")
    install.packages("g++", commands=["g++"])
    program = os.path.join(WORK, "cppjieba")
    install.run(["g++", "-std=c++17", "-O3", "-w", "-o", program, os.path.join(HERE, "cppjieba.cpp"),
                 "-I" + os.path.join(headers, "include"), "-I" + os.path.join(headers, "deps", "limonp", "include")],
                log=program + ".log")
    return Peer("cppjieba", [program, DICT, os.path.join(headers, "dict", "hmm_model.utf8")])


def start_all(snapshot):
    """All peers that can be had, ours first."""
    peers = []
    for start in (_ours, _python, _jieba_rs, _cppjieba, _nodejieba, _node_rs):
        try:
            peers.append(start(snapshot))
        except (install.Missing, OSError) as missing:
            print(f"left out: {start.__name__[1:].replace('_', '-')}: {missing}")
    return peers
