"""Puts JSON bodies straight to the handler of /segment, or of another path, and reads its answers.

    for status, body in ask(snapshot, [{"text": "..."}]):
"""

import json
import os
import subprocess

from tap import BUILD


def ask(snapshot, bodies, path="/segment"):
    """The (status, body) of each request."""
    questions = "".join(json.dumps({
        "method": "POST", "path": path, "query": "", "content_type": "application/json",
        "body": json.dumps(body).encode().hex()}) + "\n" for body in bodies)
    run = subprocess.run([os.path.join(BUILD, "t", "answer_cases"), snapshot], input=questions, text=True, check=True,
                         stdout=subprocess.PIPE)
    answers = map(json.loads, run.stdout.splitlines())
    return [(answer["status"], json.loads(bytes.fromhex(answer["body"]))) for answer in answers]
