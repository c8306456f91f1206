"""The word segmenter of the article that this project started from, unchanged."""

import json
import jieba


def lambda_handler(event, context):
    text = event.get('text', '')
    words = jieba.cut(text)
    words_list = list(words)
    return {
        'statusCode': 200,
        'body': json.dumps({'words': words_list}, indent=4, ensure_ascii=False)
    }
