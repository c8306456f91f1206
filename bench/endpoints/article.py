"""The article's three Lambda functions as a Flask application. Only the names of the functions are new."""

import json
import random

import jieba
from flask import Flask, Response, request


def calculator(event, context):
    try:
        num1 = float(event['queryStringParameters']['num1'])
        num2 = float(event['queryStringParameters']['num2'])
        operator = event['queryStringParameters']['operator']

        if operator == 'add':
            result = num1 + num2
        elif operator == 'subtract':
            result = num1 - num2
        elif operator == 'multiply':
            result = num1 * num2
        elif operator == 'divide':
            if num2 == 0:
                return {
                    'statusCode': 400,
                    'body': json.dumps({'error': 'Cannot divide by zero'})
                }
            result = num1 / num2
        else:
            return {
                'statusCode': 400,
                'body': json.dumps({'error': 'Invalid operator'})
            }
        return {
            'statusCode': 200,
            'body': json.dumps({'result': result}, indent=4)
        }
    except (ValueError, TypeError, KeyError) as e:
        return {
            'statusCode': 400,
            'body': json.dumps({'error': 'Invalid input'}, indent=4)
        }


def random_image(event, context):
    image_urls = [
        "https://s2.loli.net/2024/10/24/rQT7SwhpzM8BWiX.jpg",
        "https://s2.loli.net/2024/10/24/qnzo8eZuXs73gAd.jpg",
        "https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg",
        "https://s2.loli.net/2024/10/24/VgqiAGTW2rULuek.jpg",
        "https://s2.loli.net/2024/09/12/7Ev1936CLn2toRq.jpg"
    ]
    random_image_url = random.choice(image_urls)
    return {
        'statusCode': 200,
        'body': json.dumps({'imageUrl': random_image_url}, indent=4)
    }


def segment(event, context):
    query_params = event.get('queryStringParameters', {})
    text = query_params.get('text', '')
    words = jieba.cut(text)
    words_list = list(words)
    return {
        'statusCode': 200,
        'body': json.dumps({'words': words_list}, indent=4, ensure_ascii=False)
    }


app = Flask(__name__)
jieba.initialize()


def answer(handler):
    result = handler({'queryStringParameters': request.args.to_dict()}, None)
    return Response(result['body'], result['statusCode'], content_type='application/json; charset=utf-8')


app.add_url_rule('/calculator', 'calculator', lambda: answer(calculator))
app.add_url_rule('/random-image', 'random_image', lambda: answer(random_image))
app.add_url_rule('/segment', 'segment', lambda: answer(segment))
