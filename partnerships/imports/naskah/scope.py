"""What the paper covers: the items of its ruang lingkup."""

import re

from partnerships.imports.naskah.proposals import Proposal

# How papers head that article, the plainest name first.
_HEADINGS = (r"ruang\s+lingkup", r"lingkup", r"bidang(?:-bidang)?\s+kerja\s?sama", r"objek\s+kerja")
# The words that open the list, those that name the scope before those that only may mean it.
_LIST = r"(?:\s*hal-hal\s+(?:sebagai\s+)?berikut)?(?:\s+(?:sebagai\s+)?berikut)?\s*:?"
_OPENS = (
    re.compile(
        r"\blingkup\b[^;:]{0,200}?\b(?:meliputi|mencakup|terdiri\s+(?:atas|dari)|adalah|berikut(?:\s+ini)?|"
        rf"antara\s+lain|yaitu)\s*:?{_LIST}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:bidang|kerja\s?sama|perjanjian|kesepa\w+)\b[^;:]{0,200}?\b(?:meliputi|mencakup|terdiri\s+(?:atas|dari)|"
        rf"(?:sebagai\s+)?berikut(?:\s+ini)?|yaitu)\s*:?{_LIST}",
        re.IGNORECASE,
    ),
)
# Signs before an item, each kind with its successor: a., a), (a), 1., 1), (1), a dash.
_SIGN = re.compile(r"(?:^|\n)\s*(?P<open>\(?)(?P<sign>[a-z]|\d{1,2}|-|•)(?P<close>[.)]{0,2})\s+")
# An item is a line or a few; a sign farther away belongs to something else.
_MOST_ITEMS, _LONGEST_ITEM, _FARTHEST = 30, 400, 1_500


def read_scope(anatomy):
    """The items in their order, each as a Proposal; none where the paper has no such article."""
    for heading in _HEADINGS:
        for article in anatomy.headed(heading):
            if items := _items(anatomy.text, article.start, article.end, 0.93):
                return items
    # No article of that name: a sentence anywhere may still say what is covered.
    plain = anatomy.text.text
    if found := re.search(
        r"ruang\s+lingkup\s[^.;:]{0,80}\s(?:meliputi|mencakup|terdiri)", plain[anatomy.body :], re.IGNORECASE
    ):
        start = anatomy.body + found.start()
        article = next((each for each in anatomy.articles if each.start <= start < each.end), None)
        return _items(anatomy.text, start, article.end if article else start + 2000, 0.7)
    return []


def _items(text, start, end, sure):
    # In two languages the English list may stand first; the Indonesian words find their own.
    opens = next((found for pattern in _OPENS if (found := pattern.search(text.text, start, end))), None)
    if not opens:
        return []
    return _listed(text, opens.end(), end, sure) or _in_a_sentence(text, opens, end, sure - 0.1)


def _listed(text, start, end, sure):
    plain = text.text
    first = _SIGN.match(plain, start, end) or _SIGN.match(plain, max(start - 1, 0), end)
    if not first or first["sign"] not in ("a", "1", "-", "•"):
        return []
    style = (first["open"], first["close"])
    items, here = [], first
    while here and len(items) < _MOST_ITEMS:
        following = _following(plain, here, style, end)
        stop = following.start() if following else _end_of_last(plain, here.end(), end)
        item = _item(text, here.end(), stop, sure)
        if item:
            items.append(item)
        here = following
    return items


def _following(plain, here, style, end):
    """The sign of the next item, if the list goes on in the same style."""
    sign = here["sign"]
    wanted = sign if sign in "-•" else str(int(sign) + 1) if sign.isdigit() else chr(ord(sign) + 1)
    for found in _SIGN.finditer(plain, here.end(), min(end, here.end() + _FARTHEST)):
        if (found["open"], found["close"]) == style and found["sign"] == wanted:
            return found
        if plain[here.end() : found.start()].rstrip().endswith("."):
            return None  # the sentence has ended; what follows is another list
    return None


def _end_of_last(plain, start, end):
    stop = re.compile(r"\.\s*(?:\n|$)|\n\s*\(\d\)\s").search(plain, start, end)
    return stop.start() if stop else end


def _item(text, start, end, sure):
    said = re.sub(
        r"[\s,;:.]*(?:\b(?:dan|serta|dan/atau))?[\s,;:.]*$", "", " ".join(text.text[start:end].split())
    )
    if not said:
        return None
    if len(said) > _LONGEST_ITEM:
        said, sure = said[:_LONGEST_ITEM], 0.5
    return Proposal(said, text.sentence_at(start, max(start, end - 1)), text.page_at(start), sure)


def _in_a_sentence(text, opens, end, sure):
    """Items of a list that is a sentence: parted by semicolons, or by commas when there are none."""
    stop = re.compile(r"\.\s*(?:\n|$)").search(text.text, opens.end(), end)
    stop = stop.start() if stop else end
    said = " ".join(text.text[opens.end() : stop].split())
    by = ";" if ";" in said else ","
    parts = [re.sub(r"^(?:dan|serta)\s+", "", part.strip()) for part in said.split(by)]
    parts = [part for part in parts if part]
    if len(parts) == 1 and " dan " in parts[0]:
        sure -= 0.2
    sentence, page = text.sentence_at(opens.start(), stop), text.page_at(opens.start())
    return [Proposal(part[:_LONGEST_ITEM], sentence, page, sure) for part in parts[:_MOST_ITEMS]]
