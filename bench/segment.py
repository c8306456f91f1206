#!/usr/bin/python3
"""Compare the segmenter with others, in interleaved rounds of one run. Print medians and goals, and write them to
bench/segment.json in the build directory."""

import argparse
import json
import os
import platform
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "t", "lib")]
import install

try:
    install.packages("python3-jieba", "sqlite3")
except install.Missing as missing:
    sys.exit(f"bench: {missing}")
import jieba
import corpora
import measure
import peers
import segment_report
import store

SECTIONS = ["throughput", "exactness", "starts", "snapshot", "edits", "lines"]


def with_peers(report, sections, directory, snapshot, arguments):
    """Add the sections that need the other segmenters to the report."""
    running = peers.start_all(snapshot)
    made = corpora.make(directory, arguments.corpus, arguments.quick)
    report["corpora"] = {name: [os.path.getsize(path) / 1e6 for path in paths] for name, paths in made.items()}
    if "throughput" in sections:
        report["throughput"] = {name: measure.throughput(running, made[name], arguments.rounds) for name in made}
    if "exactness" in sections:
        report["exactness"] = {name: measure.exactness(running, made[name]) for name in made}
    for peer in running:
        peer.close()
    if "starts" in sections:
        report["starts"] = measure.starts(running, snapshot, 10 * arguments.rounds)


def run(arguments):
    """Measure all sections that are asked for. Return the report."""
    sections = arguments.only
    report = {"machine": platform.platform(), "processors": os.cpu_count(), "rounds": arguments.rounds}
    with tempfile.TemporaryDirectory() as directory:
        snapshot = store.jieba_snapshot(directory)
        if {"throughput", "exactness", "starts"} & set(sections):
            with_peers(report, sections, directory, snapshot, arguments)
        if "snapshot" in sections:
            report["snapshot"] = measure.snapshot(directory, arguments.rounds)
        if "edits" in sections:
            report["edits"] = measure.edits(3 * arguments.rounds)
        if "lines" in sections:
            a_seed = arguments.lines // arguments.seeds
            report["lines"] = {"lines": a_seed * arguments.seeds, "seeds": arguments.seeds,
                               "differing": measure.differing(snapshot, a_seed, arguments.seeds)}
    report["goals"] = segment_report.goals(report)
    return report


def some_sections(text):
    """Parse a comma-separated list of sections."""
    names = text.split(",")
    if set(names) - set(SECTIONS):
        raise argparse.ArgumentTypeError("choose from: " + ", ".join(SECTIONS))
    return names


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", action="append", default=[], metavar="FILE", help="add a UTF-8 text of your own")
    parser.add_argument("--rounds", type=int, default=5, help="number of rounds (default: %(default)s)")
    parser.add_argument("--lines", type=int, default=500000, help="generated lines to compare with jieba (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=25, help="random seeds of these lines (default: %(default)s)")
    parser.add_argument("--only", type=some_sections, default=SECTIONS, metavar="SECTION,...",
                        help="measure these sections only: " + ", ".join(SECTIONS))
    parser.add_argument("--json", default=os.path.join(peers.WORK, "segment.json"), metavar="FILE",
                        help="the file of the results (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="measure small corpora, 3 rounds and 25,000 lines")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.rounds, arguments.lines = 3, 25000
    return arguments


def main():
    arguments = read_arguments()
    jieba.setLogLevel(60)
    report = run(arguments)
    segment_report.show(report)
    with open(arguments.json, "w", encoding="utf-8") as file:
        json.dump(report, file, ensure_ascii=False, indent=1)
    print(f"\nwritten to {arguments.json}")


if __name__ == "__main__":
    main()
