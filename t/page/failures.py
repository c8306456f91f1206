"""Slow and failing answers."""

import json

import tap
from page import WORDS

RESULTS = 10
STILL_WAITING = "服务响应较慢，仍在等待…"


def check_slow(page, proxy):
    """The answer to the latest text wins, and an older one never looks current."""
    page.open(lang="zh", open="")  # the graph is not part of this
    with proxy.held("text=慢"):
        page.set_text("慢慢来")
        page.await_state("segmenter", "pending")
        dim = page.run("""const panel = document.getElementById('segmenter');
            return [panel.querySelector('.answer').ariaBusy, panel.querySelector('.status').innerText, document.getElementById('copy-words').disabled]""")
        tap.ok(dim in (["true", "正在分词…", True], ["true", STILL_WAITING, True]), "an older answer is busy, says that it waits, and cannot be copied", dim)
        page.browser.await_that("return getComputedStyle(document.querySelector('#segmenter .answer')).opacity < 0.5")
        tap.ok(True, "an older answer is dimmed")
        page.browser.await_that("return document.querySelector('#segmenter .status').innerText === arguments[0]", STILL_WAITING)
        tap.ok(True, "the page says that it still waits")
        page.set_text("快快来")
        page.await_state("segmenter", "done")
        fast = page.run(WORDS)
    page.settle()
    page.run("return fetch('calculator?num1=1&num2=1&operator=add')")  # behind the answer that was held
    tap.equal((fast, page.run(WORDS)), (["快快", "来"],) * 2, "the answer to the latest text wins over one that comes later")


def refusal(**members):
    return json.dumps(members, ensure_ascii=False).encode()


def check_failures(page, proxy):
    """Each way to fail is named, with what to do, and can be mended."""
    page.open(lang="zh", open="")
    cases = [(proxy.answering("/segment", 503, refusal(error="The service is overloaded")), "服务繁忙", "请稍候"),
             (proxy.answering("/segment", 413, refusal(error="Request body too large")), "文本过长", "分多次发送"),
             (proxy.answering("/segment", 500, refusal(error="Internal server error")), "服务内部错误", "日志"),
             (proxy.answering("/segment", 504, b"<html>"), "服务响应超时", "HTTP 504"),
             (proxy.answering("/segment", 200, b"<html>log in</html>"), "并非来自本服务", "登录网络"),
             (proxy.answering("/segment", 302, b"", [("Location", "http://login.invalid/")]), "并非来自本服务", "登录网络"),
             (proxy.dropping("/segment"), "无法连接服务", "是否在运行"),
             (proxy.answering("/segment", 400, refusal(error="Invalid mode", detail="mode 无效：可用 accurate、full、search", parameter="text")), "请求有误", "可用 accurate")]
    shown, marked = [], ""
    for number, (fault, title, advice) in enumerate(cases):
        with fault:
            page.set_text(f"失败{number}")
            page.await_state("segmenter", "failed")
            text = page.text_of("#segmenter .problem")
            marked = page.run("return document.getElementById('text').getAttribute('aria-invalid')")
            shown.append(title in text and advice in text and "重试" in text and page.run(WORDS) == [] or text)
    tap.equal(shown, [True] * len(cases), "each failure has its title, what to do and a button in place of the words")
    tap.equal(marked, "true", "the control that the service complains about is marked")
    page.click("#segmenter .problem button")
    page.await_state("segmenter", "done")
    tap.equal(page.run("return [document.querySelector('#segmenter .problem').innerText, document.getElementById('text').getAttribute('aria-invalid')]"), ["", None],
              "the button asks again, and the failure goes")


def check_retries(page, proxy):
    headers = [("Content-Type", "application/json"), ("Retry-After", "1")]
    with proxy.answering("/segment", 429, refusal(error="Too many requests"), headers):
        page.set_text("请求太多")
        text = page.browser.await_that("return document.querySelector('#segmenter .problem').innerText")  # before it asks again
    page.await_state("segmenter", "done")
    tap.ok("请求过于频繁" in text and "1 秒后自动重试" in text, "429 says when the page asks again, and it does", text)
    page.browser.command("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    page.set_text("断网")
    page.await_state("segmenter", "failed")
    text = page.text_of("#segmenter .problem")
    page.browser.command("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    page.await_state("segmenter", "done")
    tap.ok("网络已断开" in text, "the page says that it is offline, and asks again when it is online", text)


def check_reference(page, proxy):
    with proxy.answering("/openapi.json", 502, b"{}"):
        page.browser.reload(page.url + "#lang=zh")
        page.browser.await_that("return document.querySelector('#api-list .problem')")
        tap.ok("服务不可用" in page.text_of("#api-list .problem"), "the reference says why it cannot be loaded", page.text_of("#api-list"))
    page.click("#api-list button")
    page.settle()
    page.browser.complaints()  # the browser logs each failure


def check(page, proxy):
    check_slow(page, proxy)
    check_failures(page, proxy)
    check_retries(page, proxy)
    check_reference(page, proxy)
