"""What WhatsApp itself writes into an exported conversation, in the three languages of our phones.

Phrases as Android and iOS phones in English, Turkish and Arabic export them, older wordings among them. What
is missing here stays in the conversation as it was written, so nothing is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a message is."""

    TEXT = "text"
    MEDIA = "media"
    """A photo, voice message, video or document, with or without words."""

    DELETED = "deleted"
    SYSTEM = "system"
    """Written by the app, not by a person."""


class Sort(StrEnum):
    """What was sent beside words."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Body:
    """What a message says once the words of the app are taken out of it."""

    text: str
    kind: Kind = Kind.TEXT
    edited: bool = False
    file: str = ""
    sort: Sort | None = None


_EDITED: Final = tuple(
    f"<{words}{dot}>"
    for words in ("This message was edited", "Bu mesaj düzenlendi", "تم تعديل هذه الرسالة")
    for dot in ("", ".")
)
_DELETED: Final = re.compile(
    r"(?:This message was deleted|You deleted this message|Bu mesaj silindi|Bu mesajı sildiniz|"
    r"تم حذف هذه الرسالة|لقد حذفت هذه الرسالة|(?:أنت )?حذفت هذه الرسالة)\.?",
    re.IGNORECASE,
)
_LEFT_OUT: Final = re.compile(
    r"<(?:media omitted|medya dahil edilmedi|medya atlanmış|تم استبعاد الوسائط|الوسائط غير مدرجة)>|"
    r"(?P<en>image|audio|video(?: note)?|sticker|gif|document|contact card) omitted|"
    r"(?P<tr>görüntü|ses|video|görüntülü not|çıkartma|gif|belge|kişi kartı|konum|medya) dahil edilmedi|"
    r"لم يتم إدراج (?P<ar>الصورة|الصوت|(?:مقطع )?الفيديو|الملصق|المستند|الملف|جهة الاتصال)|"
    r"(?P<old>الصورة|الصوت|الفيديو|الملصق|المستند) غير مشمولة?",
    re.IGNORECASE,
)
_PAPER_LEFT_OUT: Final = ("document omitted", "belge dahil edilmedi", "لم يتم إدراج المستند")
_PAGES: Final = " • "  # between the name of a paper and how many pages it has
_ATTACHED_AFTER: Final = re.compile(
    r"(?P<file>[^<>:]+\.\w{2,5}) "
    r"\((?:file attached|dosya ekli|dosya eklendi|الملف مرفق|ملف مرفق|تم إرفاق الملف)\)",
    re.IGNORECASE,
)
_ATTACHED: Final = re.compile(
    r"<(?:attached|eklendi|ekli|ekli dosya|مرفق|المرفق|مُرفق|تم إرفاق): ?(?P<file>[^<>:\n]+\.\w{2,5})>",
    re.IGNORECASE,
)
_NOTICE: Final = re.compile(
    r"end-to-end encrypted|uçtan uca şifreli|مشفَّ?رة تمامًا|التشفير (?:التام )?بين الطرفين"
)

_SORTS: Final = {
    **dict.fromkeys(("image", "görüntü", "الصورة", "jpg", "jpeg", "png", "webp", "heic"), Sort.PHOTO),
    **dict.fromkeys(("audio", "ses", "الصوت", "opus", "ogg", "m4a", "mp3", "aac", "amr", "wav"), Sort.VOICE),
    **dict.fromkeys(("video", "video note", "görüntülü not", "الفيديو", "مقطع الفيديو"), Sort.VIDEO),
    **dict.fromkeys(("mp4", "3gp", "mov"), Sort.VIDEO),
}


def body_of(text: str, *, from_app: bool) -> Body:
    """Read one message.

    from_app: whether the phone marked it as written by the app, as iPhones do (a direction mark in front).
    """
    if from_app and _NOTICE.search(text):
        return Body(text, Kind.SYSTEM)
    edited = text.endswith(_EDITED)
    if edited:
        text = text[: text.rindex("<")].rstrip()
    if _DELETED.fullmatch(text):
        return Body("", Kind.DELETED)
    return _left_out(text) or _attached(text, edited=edited) or Body(text, edited=edited)


def _left_out(text: str) -> Body | None:
    """What stands for something that was not exported."""
    if _PAGES in text and text.endswith(_PAPER_LEFT_OUT):
        return Body("", Kind.MEDIA, file=text.partition(_PAGES)[0], sort=Sort.OTHER)
    found = _LEFT_OUT.fullmatch(text)
    if found is None:
        return None
    said = next((found[name] for name in ("en", "tr", "ar", "old") if found[name]), "")
    return Body("", Kind.MEDIA, sort=_SORTS.get(_lower(said), Sort.OTHER) if said else None)


def _attached(text: str, *, edited: bool) -> Body | None:
    """What names a file exported beside the text: on Android the first line, on an iPhone the end."""
    first, _newline, words = text.partition("\n")
    found = _ATTACHED_AFTER.fullmatch(first)
    if found is None:
        before, _opening, _last = text.rpartition("<")
        found, words = _ATTACHED.fullmatch(text, len(before)), before.rstrip()
    if found is None:
        return None
    ending = found["file"].rpartition(".")[2].lower()
    return Body(words, Kind.MEDIA, edited, found["file"], _SORTS.get(ending, Sort.OTHER))


def _lower(word: str) -> str:
    return word.replace("İ", "i").lower()
