"""Runs the official Scope SDK for Python through a list of sessions and prints what it answered, as JSON.

Reads one JSON document from standard input:
  { "sessions": [ { "credentials": {...}, "options": {...},
                    "calls": [ { "name", "label"?, "version"?, "renders": [[[key, value], ...], ...] } ] } ] }
Long texts are answered as fingerprints, which the TypeScript side makes in the same way (fingerprint.ts).
"""

import hashlib
import json
import re
import sys
import unicodedata
import warnings

import scope_client
from scope_client.configuration import Configuration
from scope_client.credentials import ApiKeyCredentials
from scope_client.renderer import Renderer

SHORT = 40


def fingerprint(text):
    if len(text) <= SHORT:
        return "=" + text
    units = text.encode("utf-16-le", "surrogatepass")
    return f"{len(units) // 2}:{hashlib.sha256(units).hexdigest()[:16]}"


def flatten(content):
    """A text as it is, messages as one text."""
    if isinstance(content, str):
        return content
    return "\x00".join(f"{message['role']}\x01{message['content']}" for message in content)


def describe_error(error):
    described = {"error": type(error).__name__}
    status = getattr(error, "http_status", None)
    if status is not None:
        described["status"] = status
    missing = getattr(error, "missing_variables", None)
    if missing is not None:
        described["missing"] = sorted(missing)
    return described


def render(version, pairs):
    try:
        return {"text": fingerprint(version.render(**dict(pairs)))}
    except Exception as error:
        return describe_error(error)


def answer(client, call):
    pins = {key: call[key] for key in ("label", "version") if key in call}
    try:
        version = client.get_prompt_version(call["name"], **pins)
    except Exception as error:
        return describe_error(error)
    data = version.raw_data
    content = data.get("content")
    is_text = isinstance(content, str)
    return {
        "id": data.get("id"),
        "promptId": data.get("prompt_id"),
        "versionNumber": data.get("version_number"),
        "type": version.type,
        "status": data.get("status"),
        "isProduction": version.is_production,
        "content": fingerprint(flatten(content)) if content is not None else None,
        "declared": version.variables,
        # What the SDK itself finds in the template; it does not look into messages.
        "variables": sorted(Renderer(content).variables) if is_text else None,
        "metadata": version.metadata,
        "renders": [render(version, pairs) for pairs in call.get("renders", [])],
    }


def run(session):
    credentials = ApiKeyCredentials(**session["credentials"])
    config = Configuration(credentials=credentials, **session["options"])
    client = scope_client.ScopeClient(config=config)
    answers = [answer(client, call) for call in session["calls"]]
    client.close()
    return {"answers": answers}


def word_characters():
    """Ranges of the code points that a variable's name may hold, and of those that this Python knows."""
    word = re.compile(r"\w")
    return {
        "word": ranges(lambda point: word.fullmatch(chr(point)) is not None),
        "assigned": ranges(lambda point: unicodedata.category(chr(point)) != "Cn"),
    }


def ranges(holds):
    found = []
    start = None
    for point in range(0x110001):
        inside = point < 0x110000 and holds(point)
        if inside and start is None:
            start = point
        elif not inside and start is not None:
            found.append([start, point - 1])
            start = None
    return found


def main():
    warnings.simplefilter("ignore", DeprecationWarning)
    job = json.load(sys.stdin)
    result = {"sessions": [run(session) for session in job["sessions"]]}
    if job.get("wordCharacters"):
        result["wordCharacters"] = word_characters()
    json.dump(result, sys.stdout)


main()
