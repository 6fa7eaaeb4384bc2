"""Documents come back as they were, also those that the fast library refuses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpresenter_next.lib import fast_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
)


@given(VALUES)
def test_a_document_is_read_as_it_was_written(document):
    written = fast_json.dumps(document)
    assert fast_json.loads(written) == document
    assert json.loads(written) == document
    assert fast_json.loads(json.dumps(document)) == document
    assert fast_json.dumps_text(document) == written.decode()


@pytest.mark.parametrize("document", ["\ud800", {"a\udfff": ["x\ud83d"]}])
def test_what_the_fast_library_refuses_is_written_too(document):
    assert fast_json.loads(fast_json.dumps(document)) == document


def test_what_is_not_json_is_refused():
    for text in ("", "{", "nul", '{"a": }'):
        with pytest.raises(ValueError, match=r".+"):
            fast_json.loads(text)
