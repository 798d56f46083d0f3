from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tending.show.person_story.timeline import GROUPS, Entry, page_of

START = date(2026, 1, 1)
stories = st.lists(
    st.builds(
        Entry,
        group=st.sampled_from(list(GROUPS)),
        day=st.integers(0, 25).map(lambda n: START + timedelta(n)),
        title=st.just("x"),
        hidden=st.uuids().map(str),
    ),
    max_size=80,
)


@given(stories, st.integers(1, 30), st.sampled_from(["", *GROUPS]))
def test_going_back_page_by_page_shows_every_entry_once_newest_first(entries, size, show):
    seen, before = [], None
    while True:
        page = page_of(entries, show=show, before=before, size=size)
        seen += page.entries
        if page.older is None:
            break
        before = page.older
    wanted = [entry for entry in entries if not show or entry.group == show]
    assert sorted(seen, key=lambda entry: entry.hidden) == sorted(wanted, key=lambda entry: entry.hidden)
    assert [entry.day for entry in seen] == sorted((entry.day for entry in wanted), reverse=True)


@given(stories, st.sampled_from(["", *GROUPS]))
def test_the_counts_do_not_depend_on_what_is_shown(entries, show):
    page = page_of(entries, show=show)
    assert sum(page.counts.values()) == len(entries)
