"""The segmenters that bench/segment.py compares. Each is a process that reads commands, one a line:

    load FILE           read the lines of a corpus           -> number of lines
    cut MODE            segment each line once               -> nanoseconds, number of words
    words MODE FILE     write the words of each line         -> number of lines
    quit

MODE is hmm, no-hmm, full or search. Words are written in hexadecimal digits, each followed by a comma. All peers use jieba's own
dictionary. Their software is installed below the build directory; a peer that cannot be installed is left out.
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
    """A segmenter. A slow one gets a sample of each corpus."""

    def __init__(self, name, command, directory=None, slow=False):
        self.name, self.command, self.directory, self.slow = name, command, directory, slow
        self.process = subprocess.Popen(command, cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.ask("load", os.devnull) != [0]:
            raise install.Missing("its process exits at the start")

    def ask(self, *words):
        """Send a command. Return the numbers of the answer; none if the peer has exited."""
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
    install.packages("cargo-web", commands=["cargo"])  # the cargo of Debian 12 is too old
    directory = shutil.copytree(os.path.join(HERE, "jieba-rs"), os.path.join(WORK, "jieba-rs"), dirs_exist_ok=True)
    install.run(["cargo", "build", "--release"], directory, os.path.join(directory, "log"))
    return Peer("jieba-rs", [os.path.join(directory, "target", "release", "jieba-rs-peer"), DICT])


def _npm():
    """Install the npm packages without their install scripts, one of which would fetch a binary. Return the directory."""
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
    """Start cppjieba in node. Compile its addon here, with the headers of the installed node."""
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
            raise install.Missing("cannot find node-gyp, which is part of npm")
        install.run(["node", found[0], "rebuild", "--nodedir=/usr"], module, os.path.join(directory, "log"))
    return Peer("nodejieba", ["node", os.path.join(directory, "peer.js"), "nodejieba", DICT], directory)


def _cppjieba(_):
    """Start cppjieba without node, built from the headers and the model in nodejieba."""
    headers = os.path.join(_npm(), "node_modules", "nodejieba", "submodules", "cppjieba")
    install.packages("g++", commands=["g++"])
    program = os.path.join(WORK, "cppjieba")
    install.run(["g++", "-std=c++17", "-O3", "-w", "-o", program, os.path.join(HERE, "cppjieba.cpp"),
                 "-I" + os.path.join(headers, "include"), "-I" + os.path.join(headers, "deps", "limonp", "include")],
                log=program + ".log")
    return Peer("cppjieba", [program, DICT, os.path.join(headers, "dict", "hmm_model.utf8")])


def start_all(snapshot):
    """Start all peers that can be installed, serverful first. Return them."""
    peers = []
    for start in (_ours, _python, _jieba_rs, _cppjieba, _nodejieba, _node_rs):
        try:
            peers.append(start(snapshot))
        except (install.Missing, OSError) as missing:
            print(f"left out: {start.__name__[1:].replace('_', '-')}: {missing}")
    return peers
