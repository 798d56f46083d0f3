from tests.support.numbers import FIRST


def test_no_person_has_the_number_of_somebody_on_the_staff(world):
    people = {person.pk for person in world.people.values()}
    staff = {member.pk for member in world.staff.values()}
    assert people.isdisjoint(staff)
    assert min(people | staff) > FIRST
