"""What a column of a sheet may hold, and the words that stand above such columns in three languages."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from domain.folding import search_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Field(StrEnum):
    """A field of a case; labels are composed above."""

    NAME = "name"
    NAME_OTHER = "name_other"  # the same name in another script
    GIVEN = "given"
    FATHER = "father"
    FAMILY = "family"
    MOTHER = "mother"
    PHONE = "phone"
    BIRTH = "birth"
    SEX = "sex"
    NATIONALITY = "nationality"
    STATUS = "status"
    NUMBER = "number"
    PROVINCE = "province"
    LANGUAGE = "language"
    ISSUE = "issue"
    URGENCY = "urgency"
    OPENED = "opened"
    STATE = "state"
    CLOSING = "closing"
    OLD_NUMBER = "old_number"
    SUMMARY = "summary"
    NOTES = "notes"
    CHANNEL = "channel"
    KEEP = "keep"  # nothing of ours: its words go into a note


ONCE: Final = frozenset(Field) - {Field.PHONE, Field.NUMBER, Field.SUMMARY, Field.NOTES, Field.KEEP}
"""Fields of which a case has one, so that two columns can't both be it."""

_HEADERS: Final[Mapping[Field, str]] = MappingProxyType(
    {
        Field.NAME: "name|full name|client|client name|beneficiary|person|ad soyad|adı soyadı|isim|"
        "isim soyisim|müvekkil|danışan|başvuran|الاسم|الاسم الكامل|الاسم الثلاثي|اسم المستفيد|المستفيد|"
        "اسم الموكل|اسم صاحب القضية",
        Field.NAME_OTHER: "name in latin|latin name|name in arabic|arabic name|arapça ad|latince ad|"
        "kimlikteki ad|الاسم باللاتينية|الاسم بالتركية|الاسم بالعربية|الاسم بالإنكليزية",
        Field.GIVEN: "given name|first name|ad|adı|الاسم الأول|الاسم الشخصي",
        Field.FATHER: "father|father name|father s name|baba|baba adı|اسم الأب|الأب",
        Field.FAMILY: "family name|surname|last name|soyad|soyadı|soyisim|الكنية|اسم العائلة|النسبة|اللقب",
        Field.MOTHER: "mother|mother name|mother s name|anne|anne adı|ana adı|اسم الأم|الأم",
        Field.PHONE: "phone|phone number|phone 2|mobile|telephone|tel|tel no|gsm|telefon|telefon no|"
        "telefon numarası|cep|cep telefonu|الهاتف|رقم الهاتف|هاتف|الجوال|رقم الجوال|الموبايل|رقم التواصل",
        Field.BIRTH: "birth|birth date|date of birth|dob|birth year|year of birth|doğum|doğum tarihi|"
        "doğum yılı|المواليد|تاريخ الولادة|تاريخ الميلاد|الولادة|سنة الولادة|سنة الميلاد",
        Field.SEX: "sex|gender|cinsiyet|cinsiyeti|الجنس|النوع",
        Field.NATIONALITY: "nationality|citizenship|country|uyruk|uyruğu|ülke|الجنسية|البلد",
        Field.STATUS: "status in turkey|legal status|protection status|statü|hukuki statü|ikamet durumu|"
        "الوضع القانوني|نوع الإقامة|صفة الإقامة",
        Field.NUMBER: "id|id no|id number|kimlik|kimlik no|kimlik numarası|yabancı kimlik no|ykn|tc|tc no|"
        "passport|passport no|pasaport no|رقم الكملك|الكملك|رقم الهوية|رقم القيد|رقم جواز السفر|"
        "الرقم الوطني",
        Field.PROVINCE: "province|city|il|şehir|ikamet ili|الولاية|المدينة|المحافظة",
        Field.LANGUAGE: "language|dil|konuştuğu dil|اللغة",
        Field.ISSUE: "issue|subject|topic|problem|case type|type of case|konu|dava konusu|dosya türü|sorun|"
        "الموضوع|نوع القضية|نوع المشكلة|المشكلة|التصنيف",
        Field.URGENCY: "urgency|priority|aciliyet|öncelik|الاستعجال|الأولوية|درجة الاستعجال",
        Field.OPENED: "opened|opened on|date|date opened|registration date|açılış|açılış tarihi|tarih|"
        "kayıt tarihi|başvuru tarihi|التاريخ|تاريخ الفتح|تاريخ التسجيل|تاريخ الطلب|تاريخ فتح الملف",
        Field.STATE: "state|status|case status|durum|dosya durumu|الحالة|حالة الملف|حالة القضية",
        Field.CLOSING: "closing code|outcome|result|kapanış|kapanış kodu|sonuç|رمز الإغلاق|النتيجة",
        Field.OLD_NUMBER: "file no|file number|case no|case number|no|nr|ref|reference|dosya no|"
        "dosya numarası|sıra no|رقم الملف|رقم القضية|الرقم|الرقم المتسلسل|رقم",
        Field.SUMMARY: "summary|story|description|what happened|özet|açıklama|olay|الملخص|الوصف|الشرح|"
        "ملخص القضية|تفاصيل",
        Field.NOTES: "notes|note|remarks|comments|not|notlar|الملاحظات|ملاحظات|ملاحظة",
        Field.CHANNEL: "channel|source|how they came|kanal|başvuru şekli|طريقة التواصل|المصدر|القناة",
    }
)
_BY_WORDS: Final[Mapping[str, Field]] = MappingProxyType(
    {search_key(words): field for field, text in _HEADERS.items() for words in text.split("|")}
)
_SHORTEST: Final = 4  # letters of a word that is looked for inside a longer heading


def guess(headers: Sequence[str]) -> dict[int, Field]:
    """Which field each column may be, by what stands above it; a column that nothing fits is missing.

    The whole heading first, then one that contains known words, the longest first. Nothing that a case has
    once is given twice.
    """
    found: dict[int, Field] = {}
    keys = [search_key(header) for header in headers]
    for look in (_BY_WORDS.get, _inside):
        for column, key in enumerate(keys):
            field = look(key)
            if column not in found and field is not None and field not in ONCE & set(found.values()):
                found[column] = field
    return dict(sorted(found.items()))


def _inside(key: str) -> Field | None:
    around = f" {key} "
    words = (one for one in _BY_WORDS if len(one) >= _SHORTEST and f" {one} " in around)
    longest = max(words, key=len, default=None)
    return None if longest is None else _BY_WORDS[longest]
