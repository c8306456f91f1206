"""Call each operation by the client that openapi-python-client has made. Prints a JSON array for each call: the operation, the
status and what the client has read. t/clients.t runs this with the URL of the service; call.mts does the same."""

import json
import sys

from serverful_client import Client
from serverful_client.api.default import (
    calculator, image_tags, keywords, keywords_body, openapi, page, random_image, segment, segment_body)
from serverful_client.models import (
    CalculatorOperator, Error, ImageUrl, KeywordsBodyJsonBody, RandomImageRedirect, SegmentBodyJsonBody, SegmentPos)

TEXT = "我来到北京清华大学"


def shown(name, answer, read):
    """Print an answer: the error, or what `read` takes from the answer."""
    parsed = answer.parsed
    print(json.dumps([name, int(answer.status_code), parsed.error if isinstance(parsed, Error) else read(parsed)], ensure_ascii=False))


with Client(base_url=sys.argv[1]) as client:
    def call(name, operation, read, **arguments):
        shown(name, operation.sync_detailed(client=client, **arguments), read)

    call("calculator", calculator, lambda it: it.result, num1=7, num2=2, operator=CalculatorOperator.DIVIDE)
    call("calculator", calculator, None, num1=7, num2=0, operator=CalculatorOperator.DIVIDE)
    call("segment", segment, lambda it: [it.words, it.tags], text=TEXT, pos=SegmentPos.VALUE_1)
    call("segmentBody", segment_body, lambda it: it.words, body=SegmentBodyJsonBody(text=TEXT, mode="full"))
    call("segmentBody", segment_body, lambda it: [each.words for each in it.results], body=SegmentBodyJsonBody(texts=[TEXT, "北京"]))
    call("segmentBody", segment_body, lambda it: [it.explain.blocks[0].route, it.explain.blocks[0].words[0].from_],
         body=SegmentBodyJsonBody(text=TEXT, explain=True))
    call("keywords", keywords, lambda it: [each.word for each in it.keywords], text=TEXT, top=2)
    call("keywordsBody", keywords_body, lambda it: [each.word for each in it.keywords], body=KeywordsBodyJsonBody(text=TEXT, top=1))
    call("randomImage", random_image, lambda it: it.image_url, seed="3")
    call("randomImage", random_image, lambda it: it.image_urls, seed="3", count=2)
    call("randomImage", random_image, lambda it: isinstance(it, ImageUrl), redirect=RandomImageRedirect.VALUE_1)
    call("randomImage", random_image, None, tag="no such tag")
    call("imageTags", image_tags, lambda it: [[each.tag, each.images] for each in it.tags])
    call("openapi", openapi, lambda it: it.openapi)
    call("page", page, lambda it: it[:15].lower())
