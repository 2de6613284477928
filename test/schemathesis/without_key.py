"""Without a key nothing is answered but that there is none, wherever a route is not open."""

import schemathesis

# What is no request to any route of the API needs no key.
ELSEWHERE = {"route_not_found", "method_not_allowed", "headers_too_large"}


@schemathesis.check
def nothing_without_a_key(ctx, response, case):
    if case.operation.definition.raw.get("security") == []:
        return
    if response.status_code == 401:
        return
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    if problem.get("code") in ELSEWHERE:
        return
    if str(problem.get("detail", "")).startswith("This is not a valid HTTP request"):
        return
    raise AssertionError(f"{response.status_code} without a key, where 401 was due")
