"""Reading JSON from strangers: one reading only, bounded, and storable."""

import contextlib
import json
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import strict_json
from app.core.characters import is_storable

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text().filter(is_storable),
    lambda inner: (
        st.lists(inner, max_size=8) | st.dictionaries(st.text().filter(is_storable), inner, max_size=8)
    ),
    max_leaves=40,
)
PIECES = st.lists(
    st.sampled_from(
        r'{ } [ ] , : "a" "b" " \ 1 - 1e9 1e999 NaN true null \u0000 \ud83d \ude00 \uffff \\ \n'.split(" ")
    )
    | st.sampled_from([" ", "9" * 20, "é", "\ufeff", "🦊"]),
    max_size=30,
).map("".join)


def refusal(body: bytes, **limits: int) -> tuple[str, str]:
    with pytest.raises(strict_json.InvalidJson) as refused:
        strict_json.loads(body, **limits)
    return refused.value.detail, refused.value.pointer


@given(VALUES, st.booleans())
def test_what_json_can_say_is_read_as_it_was_written(value: Any, ascii_only: bool) -> None:
    assert strict_json.loads(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(PIECES)
def test_whatever_is_taken_means_the_same_to_the_standard_library(text: str) -> None:
    body = text.encode()
    with contextlib.suppress(strict_json.InvalidJson):
        value = strict_json.loads(body)
        assert value == json.loads(body)
        assert storable(value)


@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer(body: bytes) -> None:
    with contextlib.suppress(strict_json.InvalidJson):
        strict_json.loads(body)


def storable(value: Any) -> bool:
    if isinstance(value, dict):
        return all(is_storable(key) and storable(member) for key, member in value.items())
    if isinstance(value, list):
        return all(storable(member) for member in value)
    return not isinstance(value, str) or is_storable(value)


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        (b"", "", "empty"),
        (b" \n", "", "empty"),
        (b"{", "", "line 1, column 2"),
        (b'{"a": 1,}', "", "line 1"),
        (b"{} {}", "", "line 1, column 4"),
        (b"{'a': 1}", "", "line 1, column 2"),
        (b"[1_000]", "", "line 1"),
        (b"[01]", "", "line 1"),
        (b"[+1]", "", "line 1"),
        (b"[.5]", "", "line 1"),
        (b"[0x10]", "", "line 1"),
        (b'["\t"]', "", "line 1"),
        (b'["\\x41"]', "", "line 1"),
        (b'["\\u00g0"]', "", "line 1"),
        (b"// comment\n{}", "", "line 1"),
        (b"\xef\xbb\xbf{}", "", "byte order mark"),
        ("{}".encode("utf-16"), "", "UTF-8"),
        ("é".encode("latin-1"), "", "UTF-8"),
        (b'"\xc0\x80"', "", "byte 2"),
        (b'"\xed\xa0\x80"', "", "byte 2"),
        (b'"\xf4\x90\x80\x80"', "", "byte 2"),
        (b"NaN", "", "NaN"),
        (b'{"a": [1, Infinity]}', "/a/1", "NaN"),
        (b'{"a": -Infinity}', "/a", "NaN"),
        (b'{"a": 1e400}', "/a", "double"),
        (b'{"a": -1e400}', "/a", "double"),
        (b'{"a": 9223372036854775808}', "/a", "64 bits"),
        (b'{"a": -9223372036854775809}', "/a", "64 bits"),
        (b'{"a": ' + b"1" * 5000 + b"}", "/a", "64 bits"),
        (b'{"a": 0.' + b"1" * 5000 + b"}", "/a", "double"),
        (b'{"a": 1, "a": 1}', "/a", "twice"),
        (b'{"a": {"b": 1, "c": 2, "b": 3}}', "/a/b", "twice"),
        (b'{"a": 1, "\\u0061": 2}', "/a", "twice"),
        (b'{"x~y/z": {"": 1, "": 2}}', "/x~0y~1z/", "twice"),
        (b'{"a": "x\\u0000y"}', "/a", "NUL"),
        (b'{"a": "x\0y"}', "", "line 1"),
        (b'{"a": ["b", "\\ud800"]}', "/a/1", "surrogate"),
        (b'{"a": "\\ude00\\ud83d"}', "/a", "surrogate"),
        (b'{"a": "\\ud83d\\ud83d\\ude00"}', "/a", "surrogate"),
        (b'"\\\\ud83d\\ude00"', "", "surrogate"),
        (b'{"a": "\\ufffe"}', "/a", "noncharacter"),
        ('{"a": "\ufffe"}'.encode(), "/a", "noncharacter"),
        ('{"a": "\ufdd0"}'.encode(), "/a", "noncharacter"),
        ('{"a": "\U0010ffff"}'.encode(), "/a", "noncharacter"),
        (b'{"a": "\\ud83f\\udfff"}', "/a", "noncharacter"),
        (b'{"b": {"\\u0000": 1}}', "/b", "key"),
        (b'{"b": {"\\ud800/": {"c": 1e999}}}', "/b", "key"),
    ],
)
def test_what_is_refused_and_where(body: bytes, pointer: str, words: str) -> None:
    detail, found = refusal(body)
    assert (found, words in detail) == (pointer, True), detail


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"9223372036854775807", 2**63 - 1),
        (b"-9223372036854775808", -(2**63)),
        (b"1.7976931348623157e308", 1.7976931348623157e308),
        (b"1e-999", 0.0),
        (b' {"a" : [ ] }\n', {"a": []}),
        (b'"\\ud83e\\udd8a"', "🦊"),
        (b'"\\\\ud800"', "\\ud800"),
        (b'"\\\\\\ud83e\\udd8a"', "\\🦊"),
        (b'"\\\\u0000"', "\\u0000"),
        (b'{"a": {"x": 1}, "b": {"x": 2}}', {"a": {"x": 1}, "b": {"x": 2}}),
        ('"\u00ff\u2019\ufffd\ufeff\ufdff"'.encode(), "\u00ff\u2019\ufffd\ufeff\ufdff"),
    ],
)
def test_what_is_taken(body: bytes, value: object) -> None:
    assert strict_json.loads(body) == value


def test_sixty_four_levels_are_taken_and_one_more_is_not() -> None:
    assert strict_json.loads(b"[" * 64 + b"]" * 64)
    assert "64 levels" in refusal(b"[" * 65 + b"]" * 65)[0]
    assert "64 levels" in refusal(b'{"a":' * 65 + b"1" + b"}" * 65)[0]
    assert "2 levels" in refusal(b'{"a":[{}]}', max_depth=2)[0]


def test_many_shallow_containers_are_not_deep() -> None:
    assert len(strict_json.loads(b"[" + b",".join([b"[{}]"] * 1000) + b"]")) == 1000


def test_brackets_and_commas_in_strings_count_for_nothing() -> None:
    text = '[{,\\"[{,' * 30_000
    assert strict_json.loads(b'{"a": "' + text.encode() + b'"}') == {"a": text.replace("\\", "")}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"[" * 100_000, "levels"),
        (b'{"a":' * 100_000, "levels"),
        (b"[" * 9_000, "levels"),
        (b'["' * 9_000, "levels"),
        (b"[" + b"[]," * 500_000 + b"[]]", "values"),
        (b"{" + b",".join(b'"k%d":1' % number for number in range(1_000_000)) + b"}", "values"),
        (b"[" + b"1," * 500_000 + b"1]", "values"),
        (b'"' + b'\\"' * 500_000, "line 1"),
        (b'"' + b"\\" * 1_000_000, "line 1"),
        (b'"' * 1_000_000, "line 1"),
        (b"1" * 1_000_000, "64 bits"),
        (b"0." + b"1" * 1_000_000, "double"),
        (b"[" + b'"\\ud800",' * 9_000 + b"1]", "surrogate"),
    ],
)
def test_shape_bombs_are_refused_in_little_time_and_memory(body: bytes, words: str) -> None:
    start = time.process_time()
    assert words in refusal(body)[0]
    assert time.process_time() - start < 1
    tracemalloc.start()
    refusal(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * len(body) + 5_000_000


def test_the_number_of_values_has_a_limit() -> None:
    assert len(strict_json.loads(b"[" + b"1," * 9_998 + b"1]")) == 9_999
    assert "10,000 values" in refusal(b"[" + b"1," * 10_000 + b"1]")[0]
    assert "3 values" in refusal(b"[1,2,3,4]", max_members=3)[0]


def test_a_fault_is_found_behind_many_sound_values() -> None:
    body = b'{"list": [' + b'{"a": "x"},' * 2_000 + b'{"a": "\\ud800"}]}'
    assert refusal(body)[1] == "/list/2000/a"


def test_a_pointer_never_carries_what_was_refused() -> None:
    _, pointer = refusal('{"é": {"'.encode() + b"k" * 5000 + b'": [NaN]}}')
    assert pointer == "/é/" + "k" * 60 + "/0"
