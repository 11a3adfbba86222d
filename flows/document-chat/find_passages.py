import math
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import List, NamedTuple

from promptflow.core import tool

DOCUMENT = Path(__file__).parent / "document.md"
STOP_WORDS = frozenset(
    "a about also am an and are as at be but by can could do does for from has have how i if in is it its may me "
    "much my of on one or our so than that the their them then there these they this to us was we were what when "
    "where which who will with you your".split()
)

# Saturation of repeated words and weight of length, as Okapi BM25 is mostly used.
K1 = 1.2
B = 0.75


class Section(NamedTuple):
    heading: str
    text: str
    words: Counter


def words(text: str) -> List[str]:
    """The words that carry meaning, with plural and simple endings cut."""
    found = re.findall(r"[^\W_]+", text.lower())
    return [re.sub(r"(?<=\w{3})(ed|ing|es|s)$", "", word) for word in found if word not in STOP_WORDS]


@lru_cache(maxsize=None)
def sections(file: Path) -> List[Section]:
    """The sections of a document in Markdown, heading and text, in order."""
    blocks = re.split(r"^# ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    parts = [block.strip().partition("\n") for block in blocks if block.strip()]
    return [
        Section(heading, text.strip(), Counter(words(f"{heading} {text}"))) for heading, _, text in parts
    ]


def relevance(section: Section, asked: List[str], among: List[Section]) -> float:
    """Okapi BM25 of a section for the words of a question."""
    mean = sum(other.words.total() for other in among) / len(among)
    length = K1 * (1 - B + B * section.words.total() / mean)
    score = 0.0
    for word in set(asked):
        having = sum(word in other.words for other in among)
        rarity = math.log(1 + (len(among) - having + 0.5) / (having + 0.5))
        score += rarity * section.words[word] * (K1 + 1) / (section.words[word] + length)
    return score


@tool
def find_passages(question: str, count: int) -> dict:
    """The sections of the document that fit a question best, best first; those that share no word are left out."""
    among = sections(DOCUMENT)
    asked = words(question)
    scored = [(relevance(section, asked, among), section) for section in among]
    best = sorted(scored, key=lambda pair: -pair[0])[:count]
    found = [section for score, section in best if score > 0]
    return {
        "sections": [section.heading for section in found],
        "texts": [section.text for section in found],
    }
