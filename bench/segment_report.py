"""Prints the report of bench/segment.py: a table for each section, and the goals."""

import measure


def _spread(runs, digits):
    """Return the median with the least and the greatest value in brackets."""
    return f"{measure.median(runs):.{digits}f} ({min(runs):.{digits}f}-{max(runs):.{digits}f})"


def _show_throughput(name, found, sizes):
    ours = measure.median(found["serverful"])
    print(f"\n{name}: MB/s, median (least-most), and the ratio of serverful to each")
    print(f"  {sizes[0]:.2f} MB; python3-jieba gets {sizes[1]:.2f} MB of it")
    print(f"  {'':15}" + "".join(f"{mode:>30}" for mode in measure.MODES))
    for peer, modes in found.items():
        cells = (f"{_spread(modes[mode], 1):>22} {ours[mode] / measure.median(modes[mode]):7.1f}" for mode in measure.MODES)
        print(f"  {peer:15}" + "".join(cells))
    print(f"  serverful with JSON bodies, HMM: {ours['json']:.1f}; the look-ups of one and two characters alone: "
          f"{ours['limit']:.1f}, of which serverful reaches "
          + ", ".join(f"{ours[mode] / ours['limit']:.2f} ({mode})" for mode in measure.MODES))


def _show_exactness(name, found):
    lines = next(iter(found.values()))["of"]
    print(f"\n{name}: lines, of a sample of {lines}, whose words differ from python3-jieba's")
    for peer, modes in found.items():
        print(f"  {peer:15}" + "".join(f"{mode:>9} {modes[mode]:5} ({100 * modes[mode] / lines:6.2f} %)" for mode in measure.MODES))


def _show_starts(found):
    print("\nexec to exit with one sentence, and peak memory: median (least-most)")
    for name, runs in found.items():
        print(f"  {name:18}{_spread(runs['ms'], 2):>28} ms {_spread(runs['MB'], 2):>26} MB")


def show(report):
    for name, found in report.get("throughput", {}).items():
        _show_throughput(name, found, report["corpora"][name])
    for name, found in report.get("exactness", {}).items():
        _show_exactness(name, found)
    if "starts" in report:
        _show_starts(report["starts"])
    if "snapshot" in report:
        print("\nthe snapshot")
        for what, runs in report["snapshot"].items():
            print(f"  {_spread(runs, 2)} {what}")
    if "edits" in report:
        print(f"\nedit of a word, from its commit until all workers of a pool show it: {_spread(report['edits'], 3)} s")
    if "lines" in report:
        print("\nlines, of {lines} from {seeds} seeds, whose words differ from python3-jieba's".format(**report["lines"]))
        for mode, lines in report["lines"]["differing"].items():
            print(f"  {lines} ({mode})")
    print("\ngoals")
    for goal in report["goals"]:
        print(f"  {'met    ' if goal['met'] else 'NOT MET'}  {goal['figure']:>25}  {goal['goal']}")


def _throughput_goals(found):
    for peer, least in (("jieba-rs", 5), ("python3-jieba", 100)):
        for mode in measure.MODES:
            ratios = {name: measure.median(corpus["serverful"][mode]) / measure.median(corpus[peer][mode])
                      for name, corpus in found.items() if peer in corpus}
            worst = min(ratios, key=ratios.get, default=None)
            yield (f"{mode}: at least {least} times as fast as {peer} on every corpus",
                   f"{ratios[worst]:.1f} ({worst})" if worst else "not measured", worst is not None and ratios[worst] >= least)


def _start_goals(found):
    more = [ours - least for ours, least in zip(found["serverful segment"]["ms"], found["/bin/true"]["ms"])]
    yield "exec to exit: at most 1.5 ms more than /bin/true", f"{measure.median(more):.2f}", measure.median(more) <= 1.5
    memory = max(found["serverful segment"]["MB"])
    yield "peak memory: below 4 MB", f"{memory:.2f}", memory < 4


def _snapshot_goals(found):
    for what, most in (("MB", 10), ("MB gzipped", 2.6), ("s to compile", 0.4)):
        figure = measure.median(found[what])
        yield f"snapshot: at most {most} {what}", f"{figure:.2f}", figure <= most


def _edit_goals(runs):
    figure = measure.median(runs)
    yield "the edit of a word shows within 0.3 s", f"{figure:.2f}", figure <= 0.3


def _line_goals(found):
    differing, lines, seeds = sum(found["differing"].values()), found["lines"], found["seeds"]
    yield ("0 of at least 500,000 lines from 25 seeds differ from python3-jieba's words, in 5 modes",
           f"{differing} of {lines:,} from {seeds}", differing == 0 and lines >= 500000 and seeds >= 25)


def goals(report):
    """Return the goals of all measured sections, each with its figure as text and whether it is met."""
    sections = {"throughput": _throughput_goals, "lines": _line_goals, "starts": _start_goals,
                "snapshot": _snapshot_goals, "edits": _edit_goals}
    return [dict(zip(("goal", "figure", "met"), goal))
            for name, of_section in sections.items() if name in report for goal in of_section(report[name])]
