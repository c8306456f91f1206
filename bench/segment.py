#!/usr/bin/python3
"""Measures our segmenter against others, in interleaved rounds in one run, and writes bench/segment.json in the build
directory. Figures are medians over the rounds; the best round of a throughput stands in brackets."""

import argparse
import json
import os
import platform
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "t", "lib")]
import install

install.packages("python3-jieba", "manpages-zh", "sqlite3", "nginx-light", commands=["sqlite3", "nginx"])
install.packages("python3-jieba", "manpages-zh")
import jieba
import corpora
import measure
import peers
import store


def print_throughput(name, found):
    medians = measure.median(found)
    ours = medians["serverful"]
    print(f"\n{name}: MB/s, and how many times as fast ours is")
    print(f"  {'':15}" + "".join(f"{mode:>24}" for mode in measure.MODES))
    for peer, modes in medians.items():
        cells = (f"{modes[mode]:8.1f} ({max(found[peer][mode]):6.1f}) {ours[mode] / modes[mode]:6.1f}" for mode in measure.MODES)
        print(f"  {peer:15}" + "  ".join(cells))
    print(f"  ours as JSON bodies, HMM: {ours['json']:.1f}; the limit, look-ups of one and two characters alone: {ours['limit']:.1f}")


def print_table(title, rows):
    print(f"\n{title}")
    for name, cells in rows.items():
        print(f"  {name:18}" + "   ".join(f"{key} {value:.2f}" for key, value in cells.items()))


def goals(report):
    """(what, figure, whether the figure is as wanted) for each goal that was measured."""
    for corpus, found in report["throughput"].items():
        medians = measure.median(found)
        for peer, least in (("jieba-rs", 5), ("python3-jieba", 100)):
            for mode in measure.MODES if peer in medians else []:
                ratio = medians["serverful"][mode] / medians[peer][mode]
                yield f"{corpus}, {mode}: {least} times {peer}", ratio, ratio >= least
    for mode, lines in report["differing lines"].items():
        yield f"lines that differ from jieba's, {mode}: none", lines, lines == 0
    start, snapshot = measure.median(report["start"]), measure.median(report["snapshot"])
    more = start["serverful segment"]["ms"] - start["/bin/true"]["ms"]
    yield "start to exit: 1.5 ms more than /bin/true", more, more <= 1.5
    memory = start["serverful segment"]["MB"]
    yield "memory at the peak: under 4 MB", memory, memory < 4
    for what, most in (("MB", 10), ("MB gzipped", 2.6), ("s to compile", 0.4), ("s until an edit shows", 0.3)):
        yield f"snapshot: at most {most} {what}", snapshot[what], snapshot[what] <= most


def print_report(report):
    for name, found in report["throughput"].items():
        print_throughput(name, found)
    for name, found in report["exactness"].items():
        print_table(f"{name}: % of the lines of a sample with python3-jieba's words", found)
    print_table("exec to exit with one sentence", measure.median(report["start"]))
    print_table("the snapshot", {"": measure.median(report["snapshot"])})
    print_table(f"of {report['lines']} generated lines differ from python3-jieba's", {"": report["differing lines"]})
    print("\ngoals")
    for what, figure, met in goals(report):
        print(f"  {'met    ' if met else 'NOT MET'}  {figure:8.2f}  {what}")


def run(arguments):
    report = {"machine": platform.platform(), "processors": os.cpu_count(), "lines": arguments.lines}
    with tempfile.TemporaryDirectory() as directory:
        snapshot = store.jieba_snapshot(directory)
        all_peers = peers.start_all(snapshot)
        made = corpora.make(directory, arguments.corpus, arguments.quick)
        report["throughput"] = {name: measure.throughput(all_peers, made[name], arguments.rounds) for name in made}
        report["exactness"] = {name: measure.exactness(all_peers, made[name]) for name in made}
        for peer in all_peers:
            peer.close()
        report["start"] = measure.starts(all_peers, snapshot, 10 * arguments.rounds)
        report["snapshot"] = measure.snapshot(directory, arguments.rounds)
        report["differing lines"] = measure.differing(snapshot, arguments.lines)
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", action="append", default=[], metavar="FILE", help="a text of one's own, UTF-8")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lines", type=int, default=500000, help="to be compared with jieba's")
    parser.add_argument("--quick", action="store_true", help="small corpora, 3 rounds, 25,000 lines")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.rounds, arguments.lines = 3, 25000
    jieba.setLogLevel(60)
    report = run(arguments)
    print_report(report)
    path = os.path.join(peers.WORK, "segment.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(report, file, ensure_ascii=False, indent=1)
    print(f"\nwritten to {path}")


if __name__ == "__main__":
    main()
