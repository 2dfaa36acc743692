"""Records that cannot be used, as they come in real life, each with its day and hour of arrival.

A good deployment has them too: a script that was pasted wrong, an export in the wrong format, a
clock that stands still. Waterhole keeps them as they came, with the reason, and counts them.
"""
import json

from story import DAY, moment

LONG_AGO = -500 * DAY


def spoiled(calendar):
    """Pairs of arrival and bytes."""
    return [(moment(when), make(Writer(calendar, when))) for when, make in ACCIDENTS]


class Writer:
    """Writes a record that is good but for what the accident changes."""

    def __init__(self, calendar, when):
        self.calendar = calendar
        self.when = moment(when)

    def good(self, **changes):
        number = int(self.when)
        record = {"id": f"spoiled-{number}", "type": "page_view", "source": "web",
                  "occurred_at": self.calendar.stamp(self.when - 1),
                  "received_at": self.calendar.stamp(self.when),
                  "identifiers": {"anon": f"c-spoiled-{number}"},
                  "page": {"url": "https://pumps.example/", "path": "/"}}
        record.update(changes)
        return {name: value for name, value in record.items() if value is not None}

    def line(self, **changes):
        return json.dumps(self.good(**changes), ensure_ascii=False, separators=(",", ":")).encode()


def cut_off(writer):
    return writer.line()[:-25]


def error_page(_writer):
    return b"<html><body>502 Bad Gateway</body></html>"


def trailing_comma(writer):
    return writer.line()[:-1] + b",}"


def latin_1(writer):
    page = {"path": "/waermepumpe", "title": "W\u00e4rmepumpe"}
    return writer.line(page=page).decode().encode("latin-1")


def pasted_picture(writer):
    return writer.line(properties={"picture": "iVBORw0KGgo" * 6500})


def nested_form(writer):
    deep = {"answer": "yes"}
    for number in range(8):
        deep = {f"step_{number}": deep}
    return writer.line(type="form_submitted", properties=deep)


def whole_cookie_jar(writer):
    return writer.line(properties={f"cookie_{number}": "1" for number in range(80)})


def page_as_text(writer):
    return writer.line(page="https://pumps.example/pricing")


def identifiers_as_text(writer):
    return writer.line(identifiers="c-1234")


def no_type(writer):
    return writer.line(type=None)


def no_identifiers(writer):
    return writer.line(identifiers=None)


def no_time(writer):
    return writer.line(occurred_at=None)


def german_date(writer):
    return writer.line(occurred_at="24.11.2026 09:00")


def february_30(writer):
    return writer.line(occurred_at="2026-02-30T09:00:00Z")


def next_century(writer):
    return writer.line(occurred_at="2099-12-31T23:00:00Z")


def old_export(writer):
    return writer.line(type="download", asset="old-guide.pdf",
                       occurred_at=writer.calendar.stamp(LONG_AGO))


def not_logged_in(writer):
    return writer.line(identifiers={"user": "undefined", "anon": ""})


def only_guest(writer):
    return writer.line(identifiers={"user": "Guest"})


def type_twice(writer):
    return b'{"type":"page_view",' + writer.line()[1:]


def comma_amount(writer):
    return writer.line(type="order_placed", amount="129,90", currency="EUR")


ACCIDENTS = (
    ("4 09:12:07", cut_off),
    ("6 10:30:11", not_logged_in),
    ("9 02:00:20", old_export),
    ("9 02:00:21", old_export),
    ("11 16:20:33", page_as_text),
    ("13 13:13:13", error_page),
    ("17 09:41:02", german_date),
    ("19 11:05:40", latin_1),
    ("22 17:55:09", no_type),
    ("24 08:31:16", type_twice),
    ("26 15:02:44", whole_cookie_jar),
    ("28 12:24:50", comma_amount),
    ("31 10:10:10", no_identifiers),
    ("33 14:36:21", pasted_picture),
    ("35 09:09:58", nested_form),
    ("37 18:42:03", next_century),
    ("39 10:15:27", trailing_comma),
    ("41 11:51:35", only_guest),
    ("44 09:20:12", february_30),
    ("47 16:04:39", identifiers_as_text),
    ("52 13:37:46", no_time),
    ("55 10:28:30", not_logged_in),
)
