"""What schemathesis cannot know of this API: which requests that fit the description may be refused all the same, and
which that do not fit are answered."""

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.core.parameters import ParameterLocation


@schemathesis.check
def refused_for_a_reason(_context, response, case):
    """A request that fits the description is refused with 400 or 413 for one of the reasons only that its operation names in
    "x-refusals", by how they begin: those that no schema of a single parameter can foresee, such as a division by zero."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in (400, 413):
        return
    error, reasons = response.json()["error"], case.operation.definition.raw.get("x-refusals", [])
    if not error.startswith(tuple(reasons)):
        raise Failure(operation=case.operation.label, title="Refused for a reason that is not announced", message=error)


@schemathesis.hook
def filter_case(_context, case):
    """An option in a JSON body goes before the one of the query, which may then be anything."""
    if case.meta is None or not case.meta.is_negative_at(ParameterLocation.QUERY) or not isinstance(case.body, dict):
        return True
    both = [name for name in case.query or {} if case.body.get(name) is not None]
    return not both or case.meta.is_negative_at(ParameterLocation.BODY)
