"""Which rows a button is about travels in its form, for a machine to read."""

from django.template.loader import render_to_string

from tending.collect.quarantine.queries import Which


def test_the_number_of_a_submission_stays_plain():
    which = Which(submission_id=1104, kind="contacts", field="date", reason="BAD_DATE")
    assert 'name="submission" value="1104"' in render_to_string("collect/quarantine/which.html", {"which": which})
