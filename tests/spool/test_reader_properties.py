"""No input makes the reader raise, hang or grow, and whole frames before damage are returned."""

import itertools
import runpy
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aftercall.spool import Frame, Loss, SegmentReader
from aftercall.spool.frames import ALIGNMENT, MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES, PREFIX_BYTES

GENERATE = runpy.run_path(str(Path(__file__).parents[1] / "spool_vectors" / "generate.py"))
SEGMENT = GENERATE["what_writers_write"]()["one-invocation-with-one-call"][0]
PHRASES = {
    "torn frame",
    "bad header length",
    "bad payload length",
    "bad header",
    "bad parts",
    "no process frame",
    "unknown format",
}


def read(data: bytes, cuts: list[int] | None = None) -> tuple[list[Frame], Loss | None, SegmentReader]:
    reader = SegmentReader()
    frames: list[Frame] = []
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts or []), len(data)]
    for begin, end in itertools.pairwise(edges):
        frames += reader.feed(data[begin:end])
        assert reader.pending_bytes <= PREFIX_BYTES + MAX_HEADER_BYTES + MAX_PAYLOAD_BYTES
    return frames, reader.close(), reader


def ends_of_frames(data: bytes) -> list[int]:
    ends, offset = [], 0
    while offset < len(data):
        header, payload = (int.from_bytes(data[offset + i : offset + i + 4], "little") for i in (0, 4))
        length = PREFIX_BYTES + header + payload
        offset += length + -length % ALIGNMENT
        ends.append(offset)
    return ends


WHOLE = read(SEGMENT)[0]
ENDS = ends_of_frames(SEGMENT)


def test_cut_at_any_byte_keeps_all_whole_frames_and_counts_the_rest() -> None:
    for cut in range(len(SEGMENT) + 1):
        frames, torn_loss, _ = read(SEGMENT[:cut])
        whole = sum(end <= cut for end in ENDS)
        torn = cut - max([0, *(end for end in ENDS if end <= cut)])
        assert frames == WHOLE[:whole]
        assert torn_loss == (Loss(torn, "torn frame") if torn else None)


@given(st.integers(0, len(SEGMENT) * 8 - 1), st.lists(st.integers(0, 10_000), max_size=5))
def test_any_flipped_bit_keeps_the_frames_before_it(bit: int, cuts: list[int]) -> None:
    damaged = bytearray(SEGMENT)
    damaged[bit // 8] ^= 1 << bit % 8
    frames, loss, _ = read(bytes(damaged), cuts)
    untouched = sum(end <= bit // 8 for end in ENDS)
    assert frames[:untouched] == WHOLE[:untouched]
    assert loss is None or loss.phrase in PHRASES


@given(st.binary(max_size=2000), st.lists(st.integers(0, 10_000), max_size=5))
def test_random_bytes_after_good_ones_cost_themselves_at_most(tail: bytes, cuts: list[int]) -> None:
    frames, loss, _ = read(SEGMENT + tail, cuts)
    assert frames[: len(WHOLE)] == WHOLE
    assert loss is None or loss.lost_bytes <= len(tail)


@given(st.binary(max_size=4000))
def test_random_bytes_never_raise_and_are_all_accounted_for(data: bytes) -> None:
    frames, loss, _ = read(data)
    assert not frames
    assert (loss.lost_bytes if loss else 0) == len(data)


@given(st.binary(max_size=3000), st.lists(st.integers(0, 10_000), max_size=8))
def test_the_pieces_do_not_matter(tail: bytes, cuts: list[int]) -> None:
    assert read(SEGMENT + tail, cuts)[:2] == read(SEGMENT + tail)[:2]


def test_after_damage_nothing_is_kept() -> None:
    reader = SegmentReader()
    reader.feed(bytes(8))
    for _ in range(100):
        assert reader.feed(bytes(1 << 16)) == []
    assert reader.pending_bytes == 0
    assert reader.close() == Loss(8 + 100 * (1 << 16), "bad header length")
