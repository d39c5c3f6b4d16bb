"""iCalendar text read back by a reader of its own."""

from datetime import UTC, date, datetime

from apps.core.icalendar import Entry, calendar

STAMP = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
HARD = "Isi; kirim, sahkan \\ tutup\nbaris kedua: 13 — “akhir” 🗓 " + "panjang sekali " * 12


def read_back(text):
    """Unfolded lines, each as (name, value) with escapes undone."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    lines = []
    for line in text.removesuffix("\r\n").split("\r\n"):
        assert len(line.encode()) <= 75, line
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [tuple(line.split(":", 1)) for line in lines]


def unescaped(value):
    said, signs = "", iter(value)
    for sign in signs:
        if sign != "\\":
            said += sign
            continue
        follows = next(signs)
        said += "\n" if follows == "n" else follows
    return said


def test_what_is_written_is_read_back_whole():
    entry = Entry("triwulan-7@spbe", date(2026, 12, 31), HARD, description=HARD, url="https://spbe.example/triwulan/")
    lines = read_back(calendar("Tenggat, Kota", [entry, entry], STAMP))
    assert [line for line in lines if line[0] in ("BEGIN", "END")] == [
        ("BEGIN", "VCALENDAR"), ("BEGIN", "VEVENT"), ("END", "VEVENT"), ("BEGIN", "VEVENT"), ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]  # fmt: skip
    said = dict(lines)
    assert unescaped(said["SUMMARY"]) == unescaped(said["DESCRIPTION"]) == HARD
    assert (said["DTSTART;VALUE=DATE"], said["DTEND;VALUE=DATE"]) == ("20261231", "20270101")
    assert said["DTSTAMP"] == "20261122T050000Z" and unescaped(said["X-WR-CALNAME"]) == "Tenggat, Kota"


def test_words_cannot_add_lines_of_their_own():
    evil = "Rapat\r\nEND:VEVENT\r\nBEGIN:VALARM\x07"
    lines = read_back(calendar("x", [Entry("1@x", date(2026, 1, 1), evil)], STAMP))
    assert [value for name, value in lines if name == "END"] == ["VEVENT", "VCALENDAR"]
    assert unescaped(dict(lines)["SUMMARY"]) == "Rapat\nEND:VEVENT\nBEGIN:VALARM"


def test_an_empty_calendar_is_still_one():
    assert [name for name, _value in read_back(calendar("x", [], STAMP))][-1] == "END"
