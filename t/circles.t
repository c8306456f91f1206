#!/usr/bin/python3
"""Who calls whom: no two object files of a library use each other's symbols, directly or through others."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import symbols
from tap import BUILD, SOURCE, done, ok, plan


def libraries():
    """The libraries that Makefile.am names."""
    with open(os.path.join(SOURCE, "Makefile.am"), encoding="utf-8") as makefile:
        return re.search(r"^noinst_LIBRARIES = (.*)$", makefile.read(), re.M).group(1).split()


def uses(objects):
    """For each object file those whose symbols it uses, with one such symbol: {name: {name: symbol}}."""
    owner = {symbol: item.name for item in objects for symbol in item.defined}
    graph = {}
    for item in objects:
        used = {owner[symbol]: symbol for symbol in sorted(item.used) if symbol in owner}
        graph[item.name] = used
    return graph


def find_circle(graph):
    """The names along one circle of a graph, the first one repeated at the end; or an empty list."""
    done_with, path = set(), []

    def visit(name):
        if name in path:
            return path[path.index(name):] + [name]
        if name in done_with:
            return []
        path.append(name)
        for other in sorted(graph[name]):
            circle = visit(other)
            if circle:
                return circle
        path.pop()
        done_with.add(name)
        return []

    for name in sorted(graph):
        circle = visit(name)
        if circle:
            return circle
    return []


def shown(graph, circle):
    """A circle for people: who uses what of whom."""
    return "\n".join(f"{name} uses {graph[name][other]}() of {other}" for name, other in zip(circle, circle[1:]))


names = libraries()
plan(1 + len(names))
ok(find_circle({"a": {"b": "f"}, "b": {"c": "g"}, "c": {"b": "h"}}) == ["b", "c", "b"]
   and not find_circle({"a": {"b": "f", "c": "g"}, "b": {"c": "h"}, "c": {}}), "find_circle() finds the circle of a graph that has one, and none in another graph")
for library in names:
    graph = uses(symbols.objects(os.path.join(BUILD, library)))
    circle = find_circle(graph)
    ok(graph and not circle, f"the object files of {library} do not use each other in a circle", shown(graph, circle))
done()
