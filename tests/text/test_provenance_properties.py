"""What holds for the provenance of every text: it covers it, invents no source, and an unchanged text keeps it."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.blocks import Block, Kind
from app.text.lineage import Recorded, of_history
from app.text.provenance import Source, Spans, Writer, extended, spans_from_json, spans_to_json
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.words import is_word, tokens

WORDS = ["patients", "lead", "the", "board", "and", "acts", "on", "évidence", "care.", "**meet**", "会"]
phrases = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
charters = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), phrases, min_size=1)


def charter(blocks: dict[str, str]) -> Snapshot:
    """A charter of one section with these blocks."""
    made = tuple(Block(Kind.PARAGRAPH, text, id=id) for id, text in sorted(blocks.items()))
    return Snapshot(Front("Charter", "Group"), (Section("s", "k", SectionKind.TEXT, "H", made),))


def covers(spans: Spans, text: str) -> bool:
    """Whether the runs are the whole text, none empty and no two neighbours of one source."""
    sources = [source for _, source in spans.runs]
    return (
        spans.length == len(text)
        and all(length > 0 for length, _ in spans.runs)
        and all(one != other for one, other in pairwise(sources))
    )


@given(st.lists(phrases, min_size=2, max_size=5))
@settings(max_examples=70, deadline=None)
def test_spans_cover_the_text_and_name_revisions_of_its_history_only(texts: list[str]):
    spans = Spans.of(texts[0], Source(1))
    for n, (old, new) in enumerate(pairwise(texts), start=2):
        spans = extended(spans, old, new, Source(n))
        assert covers(spans, new)
        assert spans.sources <= {Source(k) for k in range(1, n + 1)}
        assert extended(spans, new, new, Source(99)) == spans
        assert spans_from_json(spans_to_json(spans)) == spans


@given(phrases, phrases)
@settings(max_examples=60, deadline=None)
def test_as_many_words_are_old_as_both_texts_can_have_in_common_at_most(old: str, new: str):
    spans = extended(Spans.of(old, Source(1)), old, new, Source(2))
    kept = [new[low:high] for low, high, source in spans.ranges() if source == Source(1)]
    theirs = [token for token in tokens(old) if is_word(token)]
    for token in (token for part in kept for token in tokens(part) if is_word(token)):
        assert token in theirs
        theirs.remove(token)


@given(phrases, phrases, phrases, phrases)
@settings(max_examples=60, deadline=None)
def test_what_several_wrote_is_shared_among_them_and_the_merge(old: str, one: str, other: str, new: str):
    writers = (Writer(Source(2, 1, 1), old, one), Writer(Source(2, 2, 1), old, other))
    spans = extended(Spans.of(old, Source(1)), old, new, Source(2), writers)
    assert covers(spans, new)
    assert spans.sources <= {Source(1), Source(2), *(writer.source for writer in writers)}
    for low, high, source in spans.ranges():
        for word in filter(is_word, tokens(new[low:high])):
            assert source not in (writers[0].source, writers[1].source) or word in tokens(f"{one} {other}")


@given(st.lists(charters, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_walking_a_history_accounts_for_every_block_of_its_last_revision(history: list[dict[str, str]]):
    lineage = of_history([Recorded(charter(blocks), n) for n, blocks in enumerate(history, start=1)])
    last = history[-1]
    assert set(lineage) == set(last)
    for id, text in last.items():
        assert covers(lineage[id], text)
        assert lineage[id].sources <= {Source(n) for n in range(1, len(history) + 1)}
    again = [*history, last]
    assert of_history([Recorded(charter(blocks), n) for n, blocks in enumerate(again, start=1)]) == lineage
