import itertools

from hypothesis import given
from hypothesis import strategies as st

from tending.show.charts.look import text_width
from tending.show.charts.placing import Label, kept_inside, overlap, shortened, spread, those_that_fit, wrapped

labels = st.lists(
    st.builds(
        Label,
        text=st.text("abcdefgh ", min_size=1, max_size=18),
        x=st.floats(-50, 800),
        y=st.floats(0, 60),
        align=st.sampled_from(["left", "center", "right"]),
    ),
    max_size=25,
)


@given(labels)
def test_placed_labels_never_touch_each_other_nor_leave_the_picture(wanted):
    placed = those_that_fit(wanted, low=0, high=700)
    for place, label in enumerate(placed):
        assert label.box[0] >= -0.5
        assert label.box[2] <= 700.5
        assert not any(overlap(label, other) for other in placed[place + 1 :])


@given(labels)
def test_the_most_wanted_label_that_fits_is_always_placed(wanted):
    fits = [label for label in wanted if text_width(label.text, label.size) <= 700]
    assert bool(those_that_fit(wanted, low=0, high=700)) == bool(fits)


def test_a_label_at_the_edge_is_moved_in_not_cut():
    assert kept_inside(Label("Jan 2026", 698, 10, "center"), 0, 700).box[2] <= 700.01
    assert kept_inside(Label("Jan 2026", 2, 10, "center"), 0, 700).box[0] >= -0.01


@given(st.lists(st.floats(0, 200), max_size=12).map(sorted), st.floats(1, 15))
def test_spread_keeps_the_order_and_the_distance_and_stays_inside(middles, height):
    placed = spread(middles, height=height, low=0, high=200)
    assert placed == sorted(placed)
    assert all(height / 2 - 1e-6 <= middle <= 200 - height / 2 + 1e-6 for middle in placed)
    assert all(b - a >= height - 1e-6 for a, b in itertools.pairwise(placed))


def test_spread_moves_nothing_that_has_room():
    assert spread([20, 60, 100], height=12, low=0, high=200) == [20, 60, 100]


def test_words_are_wrapped_between_words_and_shortened_when_there_is_no_between():
    assert wrapped("Moderately severe", width=90, size=12) == ["Moderately", "severe"]
    short = shortened("Extraordinarily", width=60, size=12)
    assert short.endswith("…")
    assert text_width(short, 12) <= 60
