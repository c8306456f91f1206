#!/usr/bin/python3
"""docs/add-an-endpoint.md, followed to the letter in a copy of the tree: it adds three files and one line to each of two
others, compiles without a warning, and then the new endpoint works wherever endpoints do, and passes its cases."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from http_client import Client
from service import Service, ended_well
from store import jieba_snapshot
from wait import wait_until

# A block of the page: the language, the file, and the place in it: none for a new file, "+" for its end, or the name of
# a list in a Makefile for the first line of that list.
BLOCK = re.compile(r"^```(\w+) ?(\S*) ?(\S*)\n(.*?)^```$", re.M | re.S)


def left_out(directory, names):
    """Return the names in a directory that are not copied, because they were built in the tree."""
    made = ("build", "var", "autom4te.cache", ".git") if directory == tap.SOURCE else ()
    return [name for name in names if name in made or (made and name.startswith("build-") and name != "build-aux")]


def blocks():
    with open(os.path.join(tap.SOURCE, "docs", "add-an-endpoint.md"), encoding="utf-8") as file:
        return BLOCK.findall(file.read())


def apply(tree, name, place, text):
    """Put the text of a block into its file."""
    path = os.path.join(tree, name)
    old = ""
    if place:
        with open(path, encoding="utf-8") as file:
            old = file.read()
    head = re.compile(rf"^{place} = \\\n", re.M) if place not in ("", "+") else None
    new = head.sub(lambda found: found[0] + text, old, count=1) if head else old + text
    with open(path, "w", encoding="utf-8") as file:
        file.write(new)


def sums(tree):
    """Return the SHA-256 of each file of a tree, by name."""
    found = {}
    for directory, _, names in os.walk(tree):
        for name in names:
            path = os.path.join(directory, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, tree)] = hashlib.sha256(file.read()).digest()
    return found


def run(command, tree):
    """Run a shell command in the tree. Returns its standard output; None where it fails, and then the test fails, too."""
    done = subprocess.run(["sh", "-e", "-c", command], cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))})
    if not tap.ok(done.returncode == 0, f"this command succeeds: {command.strip().splitlines()[0]}", done.stdout[-2000:] + done.stderr[-4000:]):
        return None
    return done.stdout


def follow(tree):
    """Change the files as the page says. Returns the commands of the page."""
    before = sums(tree)
    commands = []
    for language, name, place, text in blocks():
        if language == "sh":
            commands.append(text)
        else:
            apply(tree, name, place, text)
    after = sums(tree)
    touched = sorted(name for name in after if after[name] != before.get(name))
    tap.equal(touched, ["Makefile.am", "src/api/handle_dice.c", "src/api/handle_dice.openapi.json", "src/api/routes.h",
                        "t/cases/dice.json"], "docs/add-an-endpoint.md changes two files and adds three")
    return commands


def invoke(tree, event):
    done = subprocess.run(["build/serverful", "invoke", "--snapshot", "var/serverful.snapshot"], cwd=tree,
                          input=json.dumps(event), stdout=subprocess.PIPE, text=True, check=True)
    answer = json.loads(done.stdout)
    return answer["statusCode"], answer["body"]


def is_thrown(body, sides):
    return re.fullmatch(r'{"side": \d+}\n', body) and 1 <= json.loads(body)["side"] <= sides


def check_handlers(tree, printed):
    answer = json.loads(printed.splitlines()[-1])
    tap.ok(answer["statusCode"] == 200 and is_thrown(answer["body"], 20), "the example command of the page throws a die with 20 sides", answer)
    get = {"httpMethod": "GET", "path": "/dice"}
    thrown = {invoke(tree, get)[1] for _ in range(50)}
    tap.ok(len(thrown) > 1 and all(is_thrown(body, 6) for body in thrown), "/dice throws a die with six sides by default", thrown)
    tap.equal(json.loads(invoke(tree, {**get, "queryStringParameters": {"sides": "101"}})[1])["detail"],
              "sides is '101'; it must be an integer in the range 2–100", "/dice refuses sides=101")
    tap.equal(invoke(tree, {**get, "httpMethod": "POST"})[0], 405, "POST /dice is answered with 405")
    description = json.loads(invoke(tree, {"httpMethod": "GET", "path": "/openapi.json"})[1])
    tap.equal(description["paths"]["/dice"]["get"]["operationId"], "dice", "/openapi.json describes /dice")
    help_text = subprocess.run(["build/serverful", "invoke", "--help"], cwd=tree, stdout=subprocess.PIPE, text=True).stdout
    tap.ok("/dice" in help_text, "serverful invoke --help lists /dice", help_text)


def check_page(url):
    """Throw a die in the reference of the page, which is made from the description."""
    try:
        from browser import Browser
    except ImportError:
        tap.skip(2, "python3-selenium is not installed")
        return
    with Browser("en") as browser:
        browser.look(360)
        browser.open(url)
        browser.await_that("return document.querySelector('#api-dice')")
        browser.click("#api-dice summary")
        browser.click("#api-dice input")
        browser.replace("20")
        browser.click("#api-dice form button")
        answer = browser.await_that("return document.querySelector('#api-dice form pre')?.innerText")
        tap.ok(is_thrown(answer.strip() + "\n", 20), "the page throws a die", answer)
        tap.equal(browser.complaints(), [], "the page throws a die without an error in the browser's log")


def check_service(tree):
    with Service(program=os.path.join(tree, "build", "serverful")) as service:
        with Client(service.port) as client:
            tap.ok(is_thrown(client.get("/dice?sides=12").body.decode(), 12), "nginx passes /dice on")
            wait_until(lambda: b'serverful_requests_total{route="dice",status="200"} 1' in client.get("/metrics").body, "the count")
            tap.ok(True, "/metrics counts /dice")
        check_page(f"http://127.0.0.1:{service.port}/")
        ended_well(service)


def copy_build(tree):
    """Copy the build, so that make compiles only what changes, as for a reader of the page. Objects name their sources by
    relative paths: a build elsewhere than beside the sources is left out."""
    build = os.path.join(tree, "build")
    if os.path.dirname(tap.BUILD) != tap.SOURCE:
        os.mkdir(build)
        return
    others = ("lambda", "fuzzing", "valgrind", "cache", "t-debian", "t-page")  # with other options, or files of other tests
    shutil.copytree(tap.BUILD, build, symlinks=True, ignore=lambda at, _: others if at == tap.BUILD else ())


def main(directory):
    tree = os.path.join(directory, "tree")
    shutil.copytree(tap.SOURCE, tree, ignore=left_out)
    copy_build(tree)
    os.makedirs(os.path.join(tree, "var"))
    jieba_snapshot(os.path.join(tree, "var"))
    commands = follow(tree)
    configure = "autoreconf -i && cd build && ../configure -q CFLAGS='-O2 -Werror'"
    printed = run(configure, tree) is not None and [run(command, tree) for command in commands]
    if printed and None not in printed:
        run("clang-format --dry-run --Werror src/api/*.[ch]", tree)
        check_handlers(tree, printed[-1])
        check_service(tree)
        run("SERVERFUL_BUILD=$PWD/build prove -Q t/http.t t/same.t", tree)


if "SERVERFUL_VALGRIND" in os.environ:
    tap.skip_all("valgrind does not concern what this test builds")
tap.plan(15 + sum(language == "sh" for language, *_ in blocks()))
with tempfile.TemporaryDirectory(prefix="serverful-") as temporary:
    main(temporary)
tap.done()
