import pytest

from tending.collect.csv_files.mapping import Mapping, MappingError, plain, read_mapping


def test_a_mapping_survives_being_kept_with_a_delivery(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(
        'encoding: windows-1252\nfiles:\n  people:\n    file: clients.csv\n    columns: {person_id: "MRN"}\n'
    )
    mapping = read_mapping(path)
    assert read_mapping(plain(mapping)) == mapping
    assert mapping.of("people").encoding == "cp1252"
    assert mapping.of("people").names == ["clients.csv"]
    assert mapping.of("contacts").delimiter == ","


def test_no_mapping_is_the_templates_as_they_are():
    assert read_mapping(None) == Mapping()
    assert plain(Mapping()) == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("files: {contact: {}}", "Did you mean “contacts”"),
        ("files: {contacts: {columns: {contactid: x}}}", "Did you mean “contact_id”"),
        ("files: {contacts: {codes: {status: {N: NOSHOW}}}}", "Did you mean “no_show”"),
        ("files: {contacts: {dates: {status: '%Y'}}}", "not a date"),
        ("files: {contacts: {colums: {}}}", "colums"),
        ("encoding: utf-16", "utf-16"),
        ("encoding: klingon", "klingon"),
        ('delimiter: ";;"', "one character"),
        ("files: [contacts]", "cannot be read"),
        ("a: [", "cannot be read"),
        ("encoding: {a: 1}", "cannot be read"),
    ],
)
def test_a_mistake_is_said_with_its_place(tmp_path, text, says):
    path = tmp_path / "map.yaml"
    path.write_text(text)
    with pytest.raises(MappingError, match=r"map\.yaml") as caught:
        read_mapping(path)
    assert says in str(caught.value)


def test_yaml_cannot_do_anything_but_say(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text("encoding: !!python/object/apply:os.system ['true']")
    with pytest.raises(MappingError):
        read_mapping(path)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(MappingError, match=r"no\.yaml"):
        read_mapping(tmp_path / "no.yaml")
