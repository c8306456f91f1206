"""The keywords, the image, the calculator, and a base path."""

import tap
from lambda_host import LambdaHost

RESULTS = 8


def check_keywords(page):
    page.open(lang="zh", text="机器学习让计算机从数据中学习。深度学习是机器学习的一个分支，用多层神经网络处理图像、语音和文本数据。", open="")
    words = "return [...document.querySelectorAll('#keywords tbody th')].map((word) => word.innerText)"
    weighty = page.run(words)
    tap.ok(len(weighty) == 10 and "学习" in weighty, "the keywords of the text stand beside it", weighty)
    page.browser.choose("#keywords [value=textrank]")
    page.type("#keywords [name=top]", "2")
    page.press("TAB")
    page.browser.replace("n")
    page.browser.await_that(words + ".length === 2 && document.getElementById('keywords').dataset.state === 'done'")
    tap.equal(page.state().get("method"), "textrank", "method, number and parts of speech change the keywords")
    page.browser.replace("n,,v")
    page.await_state("keywords", "failed")
    tap.ok("请求有误" in page.text_of("#keywords .problem") and page.run(words) == [], "an invalid option is refused in place of the keywords", page.text_of("#keywords .problem"))


def check_image(page):
    page.browser.await_that("return document.getElementById('tags').options.length")
    tap.equal(page.run("return [...document.getElementById('tags').options].map((option) => option.value)"), ["cat", "dog"], "the field for a tag offers the tags")
    page.type("#image [name=tag]", "cat")
    page.press("ENTER")
    page.browser.await_that("const image = document.querySelector('#image img'); return image && image.complete && image.naturalWidth")
    tap.equal(page.run("return [document.querySelector('#image img').src, document.querySelector('#image a').href]"), [page.images + "one.png"] * 2, "Enter shows an image with the tag, and its address")
    page.type("#image [name=tag]", "none")
    page.press("ENTER")
    page.await_state("image", "failed")


def check_calculator(page):
    page.type("#calculator [name=num1]", "10")
    for operator, result in (("add", "= 12.0"), ("subtract", "= 8.0"), ("multiply", "= 20.0"), ("divide", "= 5.0")):
        page.browser.choose(f"#calculator [value={operator}]")
        page.browser.await_that("return document.querySelector('#calculator output')?.innerText === arguments[0]", result)
    page.type("#calculator [name=num2]", "0")
    page.await_state("calculator", "failed")
    tap.ok(True, "the calculator follows its controls, and says that it cannot divide by zero")


def check_lost_image(page, edit):
    edit(f"DELETE FROM images; INSERT INTO images (url) VALUES ('{page.images}none.jpg');", lambda client: b"none" in client.get("/random-image").body)
    page.open(lang="zh", image="1", open="")
    page.browser.await_that("return document.querySelector('#image .failure')")
    tap.equal(page.text_of("#image .failure"), "图片加载失败，请换一张试试。", "the page says that the host does not send an image")


def check_base_path(page, snapshot):
    """Load the page of a function that a custom domain has below a path."""
    with LambdaHost(environment={"SERVERFUL_BASE_PATH": "/v1"}, snapshot=snapshot) as host:
        page.browser.open(f"http://127.0.0.1:{host.port}/v1#lang=en")
        page.settle()
        found = page.run("return [location.pathname, location.hash.slice(0, 8), document.getElementById('segmenter').dataset.state]")
    tap.equal(found, ["/v1/", "#lang=en", "done"], "the page works below a base path whose address lacks the last slash")


def check(page, edit, snapshot):
    check_keywords(page)
    check_image(page)
    check_calculator(page)
    check_lost_image(page, edit)
    check_base_path(page, snapshot)
