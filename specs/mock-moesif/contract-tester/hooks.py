"""What schemathesis cannot know of the test API: the formats that its schemas name, and one rule between two numbers."""

import schemathesis
from hypothesis import strategies as st

FIELDS = ["status", "verb", "path", "user", "route", "request.body", "header.x-id", "metadata.plan"]

words = st.text("abcxyz0189_-/*ü", min_size=1, max_size=12)
terms = st.one_of(
    words,
    st.builds("{}:{}".format, st.sampled_from(["verb", "path", "user", "header.x-id", "event.a.b"]), words),
    st.builds("status:>={}".format, st.integers(100, 599)),
    st.builds("has:{}".format, st.sampled_from(FIELDS)),
)
signed = st.builds("{}{}".format, st.sampled_from(["", "-"]), terms)
queries = st.recursive(
    signed,
    lambda inner: st.one_of(
        st.builds("{} {}".format, inner, inner), st.builds("({} OR {})".format, inner, inner)
    ),
    max_leaves=6,
)

schemathesis.openapi.format("moesif-query", queries)
schemathesis.openapi.format("moesif-field", st.sampled_from(FIELDS))
# Nobody listens there: what is sent to a gateway or forwarded goes nowhere.
schemathesis.openapi.format("http-url", st.sampled_from(["http://127.0.0.1:1", "https://[::1]:1/base"]))


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict) and isinstance(body.get("delayMs"), list):
        try:
            body["delayMs"] = sorted(body["delayMs"])
        except TypeError:
            pass
    return body


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    return value if isinstance(value, bytes) else str(value).encode()
