"""Hooks for schemathesis: which valid requests may be refused, and which invalid ones may be answered."""

import math
import re

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.core.parameters import ParameterLocation

PLAIN = re.compile(r"[0-9.eE+-]*")


@schemathesis.check
def refused_for_a_reason(_context, response, case):
    """Check that a request which fits the description is refused with 400 or 413 only if the error begins with one of those
    in "x-refusals" of its operation: those that no schema of a single parameter can express, such as a division by zero."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in (400, 413):
        return
    error, reasons = response.json()["error"], case.operation.definition.raw.get("x-refusals", [])
    if not error.startswith(tuple(reasons)):
        raise Failure(operation=case.operation.label, title="Refused with an error that x-refusals does not list", message=error)


def is_number_of_python(text):
    """Whether a text is a number for the calculator, which reads it as float() does, but not for JSON Schema: " 1", "1_0" or "１"."""
    try:
        return isinstance(text, str) and not PLAIN.fullmatch(text) and math.isfinite(float(text))
    except ValueError:
        return False


@schemathesis.hook
def filter_case(_context, case):
    """Drop invalid requests that are answered: those with a number that only float() takes, and those in which an option in a JSON body
    overrides that of the query, which may be anything."""
    if case.meta is None or not case.meta.is_negative_at(ParameterLocation.QUERY):
        return True
    if any(is_number_of_python((case.query or {}).get(name)) for name in ("num1", "num2")):
        return False
    both = isinstance(case.body, dict) and [name for name in case.query or {} if case.body.get(name) is not None]
    return not both or case.meta.is_negative_at(ParameterLocation.BODY)
