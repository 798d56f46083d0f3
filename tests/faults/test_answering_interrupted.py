"""The process is killed while somebody hands in an answer that carries risk: staff learn of it all the same."""

import random

import pytest

from tests.faults import children, deeds

SELF_HARM = 9


@pytest.fixture(scope="module")
def with_cast(empty, tmp_path_factory):
    place = empty.copy(tmp_path_factory.mktemp("cast") / "place")
    token = children.do(deeds.make_cast, place)
    yield place, token
    place.remove()


@pytest.fixture(scope="module")
def statements(with_cast, tmp_path_factory):
    place, token = with_cast
    undisturbed = place.copy(tmp_path_factory.mktemp("answered") / "place")
    found = children.do(deeds.count_statements, undisturbed, "answer", token, SELF_HARM, 3)
    expected = children.do(deeds.urgent, undisturbed)
    undisturbed.remove()
    assert expected
    return found, expected


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_the_worker_does_the_rest_and_sending_again_doubles_nothing(seed, with_cast, statements, copied):
    original, token = with_cast
    n_statements, expected = statements
    place = copied(original)
    at = random.Random(seed).randrange(n_statements) + random.Random(seed).choice((0, 0.5))

    ended = children.Child(deeds.answer, place, token, SELF_HARM, 3, dies_at=at).ended()

    assert ended.killed, ended.trouble
    handed_in = children.do(deeds.handed_in, place)
    children.do(deeds.work_and_turn, place)
    if handed_in:  # it was in: whether or not the phone saw a page, the supervisor's list has it
        assert children.do(deeds.urgent, place) == expected
    assert children.do(deeds.answer, place, token, SELF_HARM, 3) == 302  # the person sends it again
    children.do(deeds.work_and_turn, place)
    assert children.do(deeds.urgent, place) == expected
    assert children.do(deeds.doubled, place) == []


@pytest.mark.slow
def test_a_database_that_is_held_never_shows_the_person_an_error_once_the_answers_are_in(with_cast, copied):
    """Whatever goes wrong after handing in is for the worker to mend, not for the person to see."""
    original, token = with_cast
    place = copied(original)
    assert children.do(deeds.answer_with_broken_turn, place, token, SELF_HARM, 3) == (302, True)
    assert children.do(deeds.urgent, place) == []
    children.do(deeds.work_and_turn, place)
    assert len(children.do(deeds.urgent, place)) == 1
